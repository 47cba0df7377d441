//! What notices say, in nine languages.

/// A text by language.
pub(super) type InNineLanguages = [(&'static str, &'static str); 9];

/// A factor was added.
pub(super) const FACTOR_ADDED: InNineLanguages = [
    ("en", "A second factor was added to your account. If this was not you, contact us."),
    ("bg", "Към профила ви беше добавен втори фактор. Ако не сте били вие, свържете се с нас."),
    ("de", "Ein zweiter Faktor wurde Ihrem Konto hinzugefügt. Wenn Sie das nicht waren, melden Sie sich bei uns."),
    ("es", "Se ha añadido un segundo factor a su cuenta. Si no ha sido usted, póngase en contacto con nosotros."),
    ("fr", "Un second facteur a été ajouté à votre compte. Si ce n'était pas vous, contactez-nous."),
    ("it", "Al suo account è stato aggiunto un secondo fattore. Se non è stato lei, ci contatti."),
    ("ja", "アカウントに第2要素が追加されました。心当たりがない場合はご連絡ください。"),
    ("pt", "Foi adicionado um segundo fator à sua conta. Se não foi você, contacte-nos."),
    ("zh", "您的账户已添加第二重验证。如非本人操作，请联系我们。"),
];

/// A factor was removed.
pub(super) const FACTOR_REMOVED: InNineLanguages = [
    ("en", "A second factor was removed from your account. If this was not you, contact us."),
    ("bg", "От профила ви беше премахнат втори фактор. Ако не сте били вие, свържете се с нас."),
    ("de", "Ein zweiter Faktor wurde aus Ihrem Konto entfernt. Wenn Sie das nicht waren, melden Sie sich bei uns."),
    ("es", "Se ha eliminado un segundo factor de su cuenta. Si no ha sido usted, póngase en contacto con nosotros."),
    ("fr", "Un second facteur a été retiré de votre compte. Si ce n'était pas vous, contactez-nous."),
    ("it", "Dal suo account è stato rimosso un secondo fattore. Se non è stato lei, ci contatti."),
    ("ja", "アカウントから第2要素が削除されました。心当たりがない場合はご連絡ください。"),
    ("pt", "Foi removido um segundo fator da sua conta. Se não foi você, contacte-nos."),
    ("zh", "您的账户已移除第二重验证。如非本人操作，请联系我们。"),
];

/// The recovery codes were replaced.
pub(super) const RECOVERY_CODES_RENEWED: InNineLanguages = [
    ("en", "Your recovery codes were replaced. If this was not you, contact us."),
    ("bg", "Кодовете ви за възстановяване бяха подменени. Ако не сте били вие, свържете се с нас."),
    ("de", "Ihre Wiederherstellungscodes wurden ersetzt. Wenn Sie das nicht waren, melden Sie sich bei uns."),
    ("es", "Se han sustituido sus códigos de recuperación. Si no ha sido usted, póngase en contacto con nosotros."),
    ("fr", "Vos codes de récupération ont été remplacés. Si ce n'était pas vous, contactez-nous."),
    ("it", "I suoi codici di recupero sono stati sostituiti. Se non è stato lei, ci contatti."),
    ("ja", "リカバリーコードが再発行されました。心当たりがない場合はご連絡ください。"),
    ("pt", "Os seus códigos de recuperação foram substituídos. Se não foi você, contacte-nos."),
    ("zh", "您的恢复代码已更换。如非本人操作，请联系我们。"),
];

/// A recovery code was used.
pub(super) const RECOVERY_CODE_USED: InNineLanguages = [
    ("en", "A recovery code of your account was used. If this was not you, contact us."),
    ("bg", "Беше използван код за възстановяване на профила ви. Ако не сте били вие, свържете се с нас."),
    (
        "de",
        "Ein Wiederherstellungscode Ihres Kontos wurde verwendet. Wenn Sie das nicht waren, melden Sie sich bei uns.",
    ),
    (
        "es",
        "Se ha usado un código de recuperación de su cuenta. Si no ha sido usted, póngase en contacto con nosotros.",
    ),
    ("fr", "Un code de récupération de votre compte a été utilisé. Si ce n'était pas vous, contactez-nous."),
    ("it", "È stato usato un codice di recupero del suo account. Se non è stato lei, ci contatti."),
    ("ja", "アカウントのリカバリーコードが使用されました。心当たりがない場合はご連絡ください。"),
    ("pt", "Foi usado um código de recuperação da sua conta. Se não foi você, contacte-nos."),
    ("zh", "您账户的恢复代码已被使用。如非本人操作，请联系我们。"),
];

/// Other sessions were ended.
pub(super) const SESSIONS_ENDED: InNineLanguages = [
    ("en", "Other devices were signed out of your account. If this was not you, contact us."),
    ("bg", "Другите устройства бяха отписани от профила ви. Ако не сте били вие, свържете се с нас."),
    ("de", "Andere Geräte wurden von Ihrem Konto abgemeldet. Wenn Sie das nicht waren, melden Sie sich bei uns."),
    ("es", "Se ha cerrado la sesión en otros dispositivos. Si no ha sido usted, póngase en contacto con nosotros."),
    ("fr", "Les autres appareils ont été déconnectés de votre compte. Si ce n'était pas vous, contactez-nous."),
    ("it", "Gli altri dispositivi sono stati disconnessi dal suo account. Se non è stato lei, ci contatti."),
    ("ja", "他の端末がアカウントからサインアウトされました。心当たりがない場合はご連絡ください。"),
    ("pt", "Outros dispositivos foram desligados da sua conta. Se não foi você, contacte-nos."),
    ("zh", "其他设备已退出您的账户。如非本人操作，请联系我们。"),
];

/// A provider was linked or unlinked.
pub(super) const PROVIDERS_CHANGED: InNineLanguages = [
    ("en", "A way to sign in to your account was added or removed. If this was not you, contact us."),
    ("bg", "Начин за вход в профила ви беше добавен или премахнат. Ако не сте били вие, свържете се с нас."),
    (
        "de",
        "Eine Anmeldeart Ihres Kontos wurde hinzugefügt oder entfernt. Wenn Sie das nicht waren, melden Sie sich bei uns.",
    ),
    (
        "es",
        "Se ha añadido o eliminado una forma de acceder a su cuenta. Si no ha sido usted, póngase en contacto con nosotros.",
    ),
    ("fr", "Un moyen de connexion à votre compte a été ajouté ou retiré. Si ce n'était pas vous, contactez-nous."),
    ("it", "Un metodo di accesso al suo account è stato aggiunto o rimosso. Se non è stato lei, ci contatti."),
    ("ja", "アカウントのサインイン方法が追加または削除されました。心当たりがない場合はご連絡ください。"),
    ("pt", "Foi adicionada ou removida uma forma de entrar na sua conta. Se não foi você, contacte-nos."),
    ("zh", "您的账户已添加或移除一种登录方式。如非本人操作，请联系我们。"),
];

/// A browser is trusted from now on.
pub(super) const DEVICE_TRUSTED: InNineLanguages = [
    ("en", "A browser signs in to your account without a second factor from now on. If this was not you, contact us."),
    ("bg", "Браузър вече влиза в профила ви без втори фактор. Ако не сте били вие, свържете се с нас."),
    (
        "de",
        "Ein Browser meldet sich ab jetzt ohne zweiten Faktor in Ihrem Konto an. Wenn Sie das nicht waren, melden Sie sich bei uns.",
    ),
    (
        "es",
        "Un navegador accede desde ahora a su cuenta sin segundo factor. Si no ha sido usted, póngase en contacto con nosotros.",
    ),
    (
        "fr",
        "Un navigateur se connecte désormais à votre compte sans second facteur. Si ce n'était pas vous, contactez-nous.",
    ),
    ("it", "D'ora in poi un browser accede al suo account senza secondo fattore. Se non è stato lei, ci contatti."),
    ("ja", "今後、あるブラウザは第2要素なしでアカウントにサインインします。心当たりがない場合はご連絡ください。"),
    ("pt", "A partir de agora, um navegador entra na sua conta sem segundo fator. Se não foi você, contacte-nos."),
    ("zh", "今后有浏览器登录您的账户无需第二重验证。如非本人操作，请联系我们。"),
];

/// An operator has reset the second factor.
pub(super) const RESET: InNineLanguages = [
    ("en", "We have reset the second factor of your account. If you did not ask for this, contact us."),
    ("bg", "Нулирахме втория фактор на профила ви. Ако не сте поискали това, свържете се с нас."),
    (
        "de",
        "Wir haben den zweiten Faktor Ihres Kontos zurückgesetzt. Wenn Sie nicht darum gebeten haben, melden Sie sich.",
    ),
    ("es", "Hemos restablecido el segundo factor de su cuenta. Si no lo ha pedido, póngase en contacto con nosotros."),
    ("fr", "Nous avons réinitialisé le second facteur de votre compte. Si vous ne l'avez pas demandé, contactez-nous."),
    ("it", "Abbiamo reimpostato il secondo fattore del suo account. Se non lo ha richiesto, ci contatti."),
    ("ja", "運営側でアカウントの第2要素をリセットしました。お申し出のない場合はご連絡ください。"),
    ("pt", "Repusemos o segundo fator da sua conta. Se não o pediu, contacte-nos."),
    ("zh", "我们已重置您账户的第二重验证。如非您本人申请，请联系我们。"),
];

/// The e-mail address was changed. It goes to the old one.
pub(super) const EMAIL_CHANGED: InNineLanguages = [
    ("en", "The e-mail address of your account was changed. If this was not you, contact us."),
    ("bg", "Имейл адресът на профила ви беше променен. Ако не сте били вие, свържете се с нас."),
    ("de", "Die E-Mail-Adresse Ihres Kontos wurde geändert. Wenn Sie das nicht waren, melden Sie sich bei uns."),
    ("es", "Se ha cambiado el correo electrónico de su cuenta. Si no ha sido usted, póngase en contacto con nosotros."),
    ("fr", "L'adresse e-mail de votre compte a été modifiée. Si ce n'était pas vous, contactez-nous."),
    ("it", "L'indirizzo e-mail del suo account è stato cambiato. Se non è stato lei, ci contatti."),
    ("ja", "アカウントのメールアドレスが変更されました。心当たりがない場合はご連絡ください。"),
    ("pt", "O endereço de e-mail da sua conta foi alterado. Se não foi você, contacte-nos."),
    ("zh", "您账户的电子邮箱已更改。如非本人操作，请联系我们。"),
];

/// The subject of a notice by mail.
pub(super) const SUBJECT: InNineLanguages = [
    ("en", "A change to your account"),
    ("bg", "Промяна в профила ви"),
    ("de", "Eine Änderung an Ihrem Konto"),
    ("es", "Un cambio en su cuenta"),
    ("fr", "Un changement sur votre compte"),
    ("it", "Una modifica al suo account"),
    ("ja", "アカウントの変更のお知らせ"),
    ("pt", "Uma alteração na sua conta"),
    ("zh", "您的账户有变更"),
];

/// The subject of a mail with a code. The code is not in it: a locked screen shows subjects.
pub(super) const CODE_SUBJECT: InNineLanguages = [
    ("en", "Your code"),
    ("bg", "Вашият код"),
    ("de", "Ihr Code"),
    ("es", "Su código"),
    ("fr", "Votre code"),
    ("it", "Il suo codice"),
    ("ja", "認証コード"),
    ("pt", "O seu código"),
    ("zh", "您的验证码"),
];
