//! The ways by which a code travels, and which of them the app has on.

use super::by_name::ByName;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// How a code travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// As a text message.
    #[default]
    Sms,
    /// Spoken in a call.
    Call,
    /// As a message of WhatsApp.
    Whatsapp,
    /// By mail, to the address of the user. It stands in for no other channel, and none for it.
    Email,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Channel; 4] = [Channel::Sms, Channel::Call, Channel::Whatsapp, Channel::Email];

    /// Whether codes go to a number by it.
    pub fn is_to_number(self) -> bool {
        self != Channel::Email
    }

    /// Whether it is the channel that rows, events and effects had before there were others.
    pub fn is_first(&self) -> bool {
        *self == Channel::Sms
    }
}

/// One channel that the app has on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ChannelSettings {
    /// Which one.
    pub channel: Channel,
    /// Whether it is tried for a number that refuses another one: yes by default.
    #[serde(default = "yes")]
    #[tsify(optional)]
    pub fallback: bool,
    /// Of WhatsApp: the SID of the template for authentication, by language.
    #[serde(default)]
    #[tsify(optional, type = "Record<string, string>")]
    pub content_sid: ByName<String>,
}

fn yes() -> bool {
    true
}

impl ChannelSettings {
    pub(super) fn of(channel: Channel) -> ChannelSettings {
        ChannelSettings { channel, fallback: true, content_sid: ByName::default() }
    }
}

/// The channels that the app has on, in its order: the first one is asked for the first code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(transparent)]
pub struct Channels(pub Vec<ChannelSettings>);

impl Default for Channels {
    fn default() -> Channels {
        Channels(vec![ChannelSettings::of(Channel::Sms)])
    }
}

impl Channels {
    /// The channels that are on.
    pub fn on(&self) -> impl Iterator<Item = Channel> {
        self.0.iter().map(|settings| settings.channel)
    }

    /// The channels to a number that are on.
    pub fn to_numbers(&self) -> impl Iterator<Item = Channel> {
        self.on().filter(|channel| channel.is_to_number())
    }

    /// Whether this one is.
    pub fn has(&self, channel: Channel) -> bool {
        self.on().any(|other| other == channel)
    }

    /// The channel to try for a number that this one does not reach: the next in the app's order that may stand in for others.
    pub fn after(&self, channel: Channel) -> Option<Channel> {
        let place = self.on().position(|other| other == channel).map_or(0, |place| place + 1);
        let round = self.0[place..].iter().chain(&self.0[..place]);
        let stands_in = |next: &&ChannelSettings| {
            next.fallback && next.channel != channel && next.channel.is_to_number() && channel.is_to_number()
        };
        round.filter(stands_in).map(|next| next.channel).next()
    }

    /// The template of WhatsApp in the first of these languages that has one, each as it is (`pt-BR`), then without its region (`pt`).
    pub(super) fn content_sid<'a>(&'a self, tags: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let sids = &self.0.iter().find(|settings| settings.channel == Channel::Whatsapp)?.content_sid;
        let known = tags.filter_map(|tag| sids.get(tag)).next();
        known.or_else(|| sids.iter().next().map(|(_, sid)| sid)).map(String::as_str)
    }

    /// Checks that each channel stands there once, and that WhatsApp has its templates. Twilio Verify has templates of its own.
    ///
    /// # Errors
    /// The sentence for the operator.
    pub(super) fn check(&self, by_verify: bool) -> Result<(), String> {
        for (place, settings) in self.0.iter().enumerate() {
            if self.0[..place].iter().any(|other| other.channel == settings.channel) {
                return Err("channels names a channel twice.".into());
            }
            let is_whatsapp = settings.channel == Channel::Whatsapp;
            if by_verify && !settings.content_sid.is_empty() {
                return Err("contentSid cannot be used with verify: Twilio Verify has templates of its own.".into());
            }
            if !by_verify && is_whatsapp == settings.content_sid.is_empty() {
                let reason = match is_whatsapp {
                    true => {
                        "channels.whatsapp needs contentSid, the SID of an approved template for authentication by language: { whatsapp: { contentSid: { en: 'HX…' } } }."
                    }
                    false => "contentSid is WhatsApp's alone.",
                };
                return Err(reason.into());
            }
            if let Some((tag, sid)) = settings.content_sid.iter().find(|(_, sid)| !is_content_sid(sid)) {
                let reason = format!(
                    "channels.whatsapp.contentSid.{tag} takes HX and 32 hexadecimal digits, as Twilio's Content API names a template, not '{sid}'."
                );
                return Err(reason);
            }
        }
        Ok(())
    }
}

fn is_content_sid(sid: &str) -> bool {
    sid.strip_prefix("HX").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(list: &[Channel]) -> Channels {
        let content_sid = |channel: Channel| match channel {
            Channel::Whatsapp => [("en".to_owned(), format!("HX{}", "0".repeat(32)))].into(),
            Channel::Sms | Channel::Call | Channel::Email => ByName::default(),
        };
        let all = list
            .iter()
            .map(|channel| ChannelSettings { content_sid: content_sid(*channel), ..ChannelSettings::of(*channel) });
        Channels(all.collect())
    }

    #[test]
    fn the_next_channel_in_the_apps_order_stands_in_and_none_that_is_only_for_those_who_ask() {
        use Channel::{Call, Sms, Whatsapp};
        let all = channels(&[Whatsapp, Sms, Call]);
        assert_eq!((all.after(Whatsapp), all.after(Sms), all.after(Call)), (Some(Sms), Some(Call), Some(Whatsapp)));
        assert_eq!(channels(&[Sms]).after(Sms), None);
        let with_mail = channels(&[Channel::Email, Sms, Channel::Email, Call]);
        assert_eq!((with_mail.after(Sms), with_mail.after(Call)), (Some(Call), Some(Sms)));
        assert_eq!(with_mail.after(Channel::Email), None, "what goes by mail goes no other way");
        let mut asked = channels(&[Sms, Call]);
        asked.0[1].fallback = false;
        assert_eq!((asked.after(Sms), asked.after(Call)), (None, Some(Sms)));
    }

    #[test]
    fn a_channel_stands_in_for_others_unless_the_app_says_no_and_text_messages_need_no_name_in_a_row() {
        let read = |json: &str| serde_json::from_str::<ChannelSettings>(json).unwrap();
        assert_eq!(read(r#"{"channel": "call"}"#), ChannelSettings::of(Channel::Call));
        assert!(!read(r#"{"channel": "call", "fallback": false}"#).fallback);
        assert!(Channel::Sms.is_first());
        assert!(![Channel::Call, Channel::Whatsapp, Channel::Email].iter().any(Channel::is_first));
    }

    #[test]
    fn a_channel_stands_there_once_and_whatsapp_with_its_templates() {
        use Channel::{Call, Sms, Whatsapp};
        assert!(Channels::default().check(false).is_ok() && channels(&[Call, Whatsapp, Sms]).check(false).is_ok());
        assert!(channels(&[]).check(false).is_ok(), "an app without messages");
        assert!(channels(&[Sms, Sms]).check(false).unwrap_err().contains("twice"));
        let without = Channels(vec![ChannelSettings::of(Whatsapp)]);
        assert!(without.check(false).unwrap_err().contains("contentSid"));
        let mut bad = channels(&[Whatsapp]);
        bad.0[0].content_sid.insert("de".into(), "HX123".into());
        assert!(bad.check(false).unwrap_err().contains("contentSid.de"));
        assert!(without.check(true).is_ok(), "Verify has its own");
        assert!(channels(&[Whatsapp]).check(true).unwrap_err().contains("with verify"));
    }

    #[test]
    fn the_template_in_the_users_language_is_taken_and_any_before_none() {
        let mut channels = channels(&[Channel::Whatsapp]);
        channels.0[0].content_sid =
            [("bg", "B"), ("pt", "P")].map(|(tag, sid)| (tag.to_owned(), sid.to_owned())).into();
        assert_eq!(channels.content_sid(["pt-BR", "pt"].into_iter()), Some("P"));
        assert_eq!(channels.content_sid(["fr"].into_iter()), Some("B"));
        assert_eq!(Channels::default().content_sid(["en"].into_iter()), None);
    }
}
