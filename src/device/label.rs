//! A browser and its system in a few words.

/// Browsers by what their user agents have in them. Most claim to be others as well, so the first that is found counts.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("Mozilla/", "Browser"),
];

/// Systems, likewise.
const SYSTEMS: [(&str, &str); 12] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("macOS", "macOS"),
    ("Darwin", "an Apple device"),
    ("iOS", "iOS"),
    ("Linux", "Linux"),
    ("X11", "Linux"),
];

/// Browser and system, as the client's user agent says: nobody vouches for it. No character of it gets into the label, which has at most 64.
pub fn label(user_agent: &str) -> String {
    let named = |known: &[(&'static str, &'static str)]| {
        let is_in = |part: &str| user_agent.as_bytes().windows(part.len()).any(|bytes| bytes == part.as_bytes());
        known.iter().find(|(part, _)| is_in(part)).map(|(_, name)| *name)
    };
    let client = if user_agent.is_empty() { "Unknown browser" } else { "App" };
    let client = named(&BROWSERS).unwrap_or(client);
    match named(&SYSTEMS) {
        Some(system) => format!("{client} on {system}"),
        None => client.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_browser_and_system() {
        for (user_agent, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("MyApp/1 CFNetwork/3826 Darwin/24.6.0", "App on an Apple device"),
            ("okhttp/4.12.0", "App"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(label(user_agent), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_client_says_it_is_a_label_is_short_and_of_letters_alone(user_agent in "(\\PC|[\u{0}-\u{1f}\u{202e}\u{2066}\u{feff}]|Chrome/|Windows){0,80}") {
            let label = label(&user_agent);
            assert!(!label.is_empty() && label.chars().count() <= 64);
            assert!(label.chars().all(|c| c.is_ascii_alphabetic() || c == ' '), "{label}");
        }
    }
}
