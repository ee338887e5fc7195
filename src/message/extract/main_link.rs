//! Which link of a mail is the one to click: told by what it says and where it leads.

use std::cmp::Reverse;
use std::sync::LazyLock;

use regex::Regex;

use crate::message::extract::links::Link;
use crate::message::extract::links::LinkKind;

/// The place in the list of the link that the mail was written for ("Confirm your address"). None
/// when there is nothing but images, ways to unsubscribe, legal pages, social networks, shops of
/// apps and addresses that are no web pages. Of equals it is the first.
pub fn main_link(links: &[Link]) -> Option<usize> {
    let scored = links.iter().enumerate().filter(|(_, link)| !is_logo(link, links));
    let scored = scored.filter_map(|(index, link)| Some((score(link)?, index)));
    let best = scored.max_by_key(|(score, index)| (*score, Reverse(*index)))?;
    Some(best.1)
}

/// How much speaks for a link; None for one that never is the one. The weights are made by the
/// mails of tests/it/mail/links.
fn score(link: &Link) -> Option<i32> {
    let (scheme, host, path) = split(&link.url)?;
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let does = DOES.is_match(&link.text);
    let is_aside = LEGAL.is_match(&link.text) || LEGAL_PATH.is_match(path);
    let is_elsewhere = is_elsewhere(host) || ELSEWHERE.is_match(link.text.trim());
    if !is_web || link.kind != LinkKind::Link || is_elsewhere || is_aside && !does {
        return None;
    }
    let rather_not = RATHER_NOT.is_match(&link.text);
    let mut score = 0;
    if rather_not {
        score -= 5;
    } else if does {
        score += 6;
    } else if SHOWS.is_match(&link.text) {
        score += 3;
    }
    if RATHER_NOT_PATH.is_match(path) {
        score -= 5;
    } else if DOES_PATH.is_match(path) {
        score += 3;
    }
    if is_front_page(path) {
        score -= 3;
    }
    Some(score)
}

/// The scheme, the host, and what is behind it.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, address) = url.split_once("://")?;
    let (host, path) = address.split_at(address.find(['/', '?', '#']).unwrap_or(address.len()));
    Some((scheme, host, path))
}

fn is_front_page(path: &str) -> bool {
    path.split(['?', '#']).next().unwrap_or_default().trim_matches('/').is_empty()
}

/// Whether a link is an image, and leads to the front page of the sender.
fn is_logo(link: &Link, links: &[Link]) -> bool {
    let is_its_text = |image: &Link| image.kind == LinkKind::Image && image.text == link.text;
    !link.text.is_empty()
        && split(&link.url).is_some_and(|(_, _, path)| is_front_page(path))
        && links.iter().any(is_its_text)
}

/// Whether a host is a social network or a shop of apps.
fn is_elsewhere(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    HOSTS_ELSEWHERE.iter().any(|known| {
        host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// What a reader shall do.
pub(super) static DOES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"verif|confirm|\bactivat|reset|\b(?:sign|log)[\ -]?in\b|accept|approve|finish|complete
        |unlock
        |set\ (?:up|a|your)\b|(?:change|choose|create)\ .{0,20}password|register|authori[sz]e
        |bestätig|aktivier|zurücksetz|anmelden|annehmen|einloggen|freischalt|freigeben
        |vérifi|\bactiver|réinitialis|connecter|accepter|restablec|\bactiva|iniciar\ sesión
        |acepta|conferma|attiva|reimposta|accedi|accetta|\bativ|redefin|entrar|aceit
        |bevestig|activeer|herstel|inloggen|potwierd|zweryfik|aktywuj|zresetuj|zaloguj
        |подтверд|активир|сброс|войти|принять|確認|認証|有効化|再設定|ログイン|承認
        |anzumelden|anmeldung|zalogow|logowani|logga\ in|inloggning|bekräfta|logge?\ ind|bekræft
        |te\ loggen|acced|přihl[áa][sš]|potvr[dz]|giriş|doğrula|onayla
        |验证|驗證|确认|激活|重置|登录|登入|인증|확인|활성화|재설정|로그인",
    )
});

/// What a reader shall look at.
static SHOWS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:view|open|download|track|see|continue|join|get\ started|start|read|pay|go\ to
        |click|review|answer)\b
        |ansehen|öffnen|herunterladen|weiter|\bvoir\b|télécharger|suivre|\bver\b|descargar
        |\bvedi\b
        |scarica|baixar|bekijk|zobacz|pobierz|открыть|посмотреть|скачать|見る|ダウンロード|查看|下载|보기",
    )
});

/// What every mail of a sender has beside its matter: pages of law, and the mail as a page.
static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"privacy|\bterms\b|\blegal\b|imprint|impressum|datenschutz|\bagb\b|cookies?\b
        |in\ (?:your\ |a\ |the\ )?(?:web\ )?browser|web\ ?version|online\ version|im\ browser
        |navigateur
        |version\ en\ ligne|mentions\ légales|confidentialité|conditions|navegador|versión\ web
        |privacidad|términos|termos|aviso\ legal|nel\ browser|informativa|termini|voorwaarden
        |de\ browser|regulamin|prywatno|przeglądar|конфиденциальн|условия|браузер
        |利用規約|プライバシー|ブラウザ|隐私|隱私|条款|條款|浏览器|瀏覽器|개인정보|이용약관",
    )
});

static LEGAL_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"/(?:privacy|terms|tos|legal|imprint|impressum|datenschutz|agb|cookies?)\b")
});

/// Beside the matter, though it may be all there is to click.
static RATHER_NOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:help|faq|support|contact|settings|preferences|notifications|report|blog
        |manage\ (?:your\ |my\ )?(?:e?-?mails?|subscriptions?|account)
        |status
        |home(?:page)?|logo|about|careers|returns|secure\ your\ account|not\ (?:you|me))\b
        |startseite|hilfe|kontakt|einstellungen|\baide\b|préférences|ayuda|contacto|aiuto
        |contatt
        |ajuda|contato|pomoc|помощь|настройки|ヘルプ|お問い合わせ|帮助|도움말",
    )
});

static RATHER_NOT_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"/(?:help|faq|support|contact|settings|preferences|notifications|report|blog|status
        |about)\b",
    )
});

static DOES_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"verif|confirm|activat|reset|log-?in|sign-?in|invit|accept|approve|magic|/auth|password
        |\b(?:token|code|otp)=",
    )
});

/// Links that say no more than where they lead.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:follow\ us.{0,40}|(?:.{0,20}\bon\ )?(?:the\ )?(?:facebook|twitter|x|instagram
        |linkedin|youtube|tiktok|pinterest
        |mastodon|bluesky|discord|app\ store|google\ play))$",
    )
});

/// Ignores case and the blanks in the pattern.
fn pattern(words: &str) -> Regex {
    let words = words.replace(r"\b", r"(?-u:\b)");
    Regex::new(&format!("(?ix){words}")).expect("the words are a pattern")
}

const HOSTS_ELSEWHERE: [&str; 20] = [
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "linkedin.com",
    "youtube.com",
    "tiktok.com",
    "pinterest.com",
    "threads.net",
    "bsky.app",
    "mastodon.social",
    "discord.gg",
    "discord.com",
    "apps.apple.com",
    "itunes.apple.com",
    "play.google.com",
    "wa.me",
    "t.me",
    "vk.com",
    "weibo.com",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn main_of(links: &[(&str, &str)]) -> Option<usize> {
        let link = |(url, text): &(&str, &str)| Link {
            url: (*url).to_owned(),
            text: (*text).to_owned(),
            part: String::new(),
            kind: LinkKind::Link,
        };
        main_link(&links.iter().map(link).collect::<Vec<_>>())
    }

    #[test]
    fn doing_beats_seeing_beats_the_rest() {
        let links = [
            ("http://x.test/a", "Ada"),
            ("http://x.test/b", "View"),
            ("http://x.test/c", "Confirm"),
        ];
        assert_eq!(main_of(&links), Some(2));
        assert_eq!(main_of(&links[..2]), Some(1));
        assert_eq!(main_of(&[("http://x.test/a", ""), ("http://x.test/b", "")]), Some(0));
    }

    #[test]
    fn what_every_mail_has_is_the_main_link_of_none() {
        for (url, text) in [
            ("mailto:a@x.test", "Write to us"),
            ("https://x.test/privacy", ""),
            ("https://x.test/1", "View in browser"),
            ("https://www.facebook.com/x", ""),
            ("https://click.test/1", "Follow us on Instagram"),
        ] {
            assert_eq!(main_of(&[(url, text)]), None, "{url} {text}");
        }
        // Not the network, for all its name, and the only one there is.
        assert_eq!(main_of(&[("https://notfacebook.com/help", "Help")]), Some(0));
    }

    #[test]
    fn a_logo_is_the_main_link_of_none() {
        let image = Link {
            url: "https://x.test/logo.png".to_owned(),
            text: "Acme".to_owned(),
            part: String::new(),
            kind: LinkKind::Image,
        };
        let home = |text: &str| Link {
            url: "https://x.test/?from=mail".to_owned(),
            text: text.to_owned(),
            kind: LinkKind::Link,
            ..image.clone()
        };
        assert_eq!(main_link(&[home("Acme"), image.clone()]), None);
        assert_eq!(main_link(&[home("Go to Acme"), image]), Some(0));
    }

    #[test]
    fn images_and_ways_out_are_never_the_main_link() {
        for kind in [LinkKind::Image, LinkKind::Unsubscribe] {
            let url = "https://x.test/confirm".to_owned();
            let link = Link { url, text: "Confirm".to_owned(), part: String::new(), kind };
            assert_eq!(main_link(&[link]), None);
        }
    }
}
