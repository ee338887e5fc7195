//! The words that tell a code from other numbers, in sixteen languages.

use std::sync::LazyLock;

use regex::Regex;

/// Names of one-time codes.
pub(super) static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"code[sn]?\b|kod(?:e[nr]?|u|em|y|unuz|unu)?\b|c[oó]digos?|c[oó]dic[ei]|kód|\b(?:pin
        |otp|m?tan)\b
        |passphrase|clave\b|adgangskode|prüf(?:ziffer|nummer)|(?:ziffern|zahlen)folge
        |sicherheitsnummer|verification\ number
        |код|コード|暗証番号|認証番号|確認番号|验证码|驗證碼|校验码|校驗碼|动态码|動態碼
        |激活码|啟用碼|确认码|確認碼|安全码|安全碼|인증\ ?번호|코드",
    )
});

/// Names of passwords and tokens, which mails also speak of where there is none to read.
pub(super) static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"pass(?:word|wort)|kennwort|wachtwoord|mot\ de\ passe|contraseña|senha|has[łl]o|heslo
        |parola|şifre|lösenord|парол|パスワード|密码|密碼|비밀번호
        |\btoken\b",
    )
});

/// What makes a password one to read and type.
pub(super) static ONE_TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"one[\ -]time|single[\ -]use|temporary|einmal|temporär|eenmalig|tijdelijk
        |usage\ unique|provisoire|temporaire|un\ solo\ uso|temporal|uso\ único|temporári
        |usa\ e\ getta|monouso|temporane|jednorazow|tymczasow|jednorázov|dočasn|одноразов|временн
        |tek\ kullanımlık|geçici|engångs|tillfällig|engangs|midlertidig|ワンタイム|一次性|动态|動態
        |臨時|临时|일회용|임시",
    )
});

/// Names of other numbers, and of codes that are no one-time codes.
pub(super) static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:orders?|invoice|tracking(?:\ code)?|shipment|parcel|(?:tele)?phone|call|tel|fax
        |dial-in
        |ticket|(?:support|quote)\ case|case\ (?:no|number|id)|ref(?:erence)?|booking
        |customer\ (?:no|number|id)
        |account\ (?:no|number|ending|id)|card\ (?:no|number|ending)|ending(?:\ in)?
        |(?:zip|postal|post|area|country|error|exit|status|source|http|response|qr|bar|promo
        |promotion|promotional|offer|claim|gift(?:\ card)?|redemption
        |product|item|style|colou?r|dress|discount|voucher|coupon|referral|sort|swift|branch
        |routing|tax|airport|reason|return|approval|reservation|course|model|company)[\ -]?codes?
        |code\ (?:review|owners|of\ conduct|postal|promo|base|agence|guichet|banque|client
        |article|produit|avantage|barres?|erreur|parrainage|(?:de\ )?réduction)
        |postcode|barcode|sku|serial|errors?
        |build|job|incident|session|cost\ cent(?:er|re)|lines\ of\ code
        |article|version|port|pid|suite|room|extension|registered|vat|hrb|copyright|campaign
        |points|balance
        |amount|receipt|terminal|member\ since|since|transaction|commit|iban|bic|p\.?o\.?\ box
        |http)\b
        |\(c\)|©|№|\#|\bn(?:[or]\.|[.°º]+)|\bnr\b
        |(?:gutschein|rabatt|aktions|vorteils|produkt|fehler|länder|buchungs|kunden|farb|status
        |strich|bar|kortings|actie|streepjes|fout|boekings|product)-?code
        |bestell|rechnung|kundenn|sendung|postleitzahl|\bplz\b|telefon|auftrag|vorgang|artikel
        |aktenzeichen|postfach
        |commande|facture|tél|\bcolis|dossier|référence
        |pedido|factura|teléfono|envío|referencia
        |código\ (?:postal|promocional|qr|d[eo]\ (?:descuento|desconto|barras|cliente|art[íi]culo
        |produc?to|seguimiento|rastre|reserva|erro|pedido|débito))
        |ordine|fattura|spedizione|\bcap\b
        |codice\ (?:postale|fiscale|sconto|promo|articolo|prodotto|cliente|a\ barre|errore
        |prenotazione)
        |pratica|p\.iva
        |encomenda|fatura|nota\ fiscal|\bcep\b|rastre
        |factuur|klantn|pakket|zending
        |zamówieni|faktur|przesył|klienta
        |kod\ (?:pocztowy|rabatowy|promocyjny|kreskowy|produktu|błędu|qr)
        |заказ|сч[её]т|телефон|тел\.|индекс|трек|накладн|договор|промокод
        |код\ (?:товара|ошибки|заказа|клиента|региона)|штрих-?код|qr-код
        |sipariş|(?:indirim|posta|ürün|hata|promosyon)\ kod|karekod|barkod
        |beställning|(?:rabatt?|fel|fejl|streck|strege|kampanj|kampagne|artikel|vare)kod
        |objednávk|(?:slevov|čárov|chybov).{1,4}\ kód|kód\ (?:produktu|chyby|objednávky)
        |(?:クーポン|エラー|商品|銀行|支店|プロモーション|qr|バー)コード
        |注文番号|電話|郵便番号|追跡番号|伝票番号|問い合わせ番号|会員番号|請求書|予約番号|〒
        |订单|訂單|电话|電話|邮编|郵遞區號|单号|單號|发票|發票|尾号|优惠码
        |주문\ ?번호|전화|우편번호|송장|(?:쿠폰|오류|상품|할인|프로모션|qr)\ ?코드",
    )
});

/// What makes a code one for a purchase.
pub(super) static PROMOTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b[1-9]\d\ ?%(?:[^0-9a-z]|$)|discount|coupon|promo|voucher|gift\ ?card|at\ checkout|redeem
        |(?:first|next)\ (?:order|purchase)|rabat|gutschein|aktionscode|actiecode
        |remise|code\ avantage|réduction|descuento|cup[oó]n|sconto|desconto|cupom|korting|kupon
        |zni[żz]k
        |indirim|slev[ayuo]
        |скидк|промокод|купон|クーポン|プロモ|割引|优惠|優惠|折扣|쿠폰|할인|프로모션",
    )
});

/// Right before a number: what to do with it.
pub(super) static ENTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\b(?:enter|type(?:\ in)?|use|geben\ sie|gib|nutze
        |saisi(?:r|ssez|s)|entre[rz]?|utilise[rz]?
        |introdu(?:ce|zca|cir|za)|ingres[ae]|escrib[ae]|us[ae]|digit[ae]
        |insir[ae]|inseri(?:sci|re|sca)
        |voer|vul|gebruik|wpisz|podaj|użyj|ange|skriv|zadejte|opište|indtast)|введите|укажите
        |输入|輸入)(?:\ (?:the|die|den|het|de|le|el|il|o|the\ number))?[\ :]*$",
    )
});

/// Right behind a number: what to do with it.
pub(super) static ENTER_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\ ?(?:[-–—,]?\ ?(?:use|enter|type)\ (?:this|it)\b|ein(?:geben)?\b|eingeben|を入力
        |(?:을|를|을\(를\))\ ?입력|girin)",
    )
});

/// What leads to the next line.
pub(super) static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bbelow\b|following|folgend|\bunten\b|suivant|ci-dessous|siguiente|seguente|\bsotto\b
        |seguinte|abaixo|hieronder|volgende|poniż|następując|ниже|следующ|以下|下記|下方|如下|아래|다음
        |aşağıda|\bnedan\b|följande|\bníže\b|následující|nedenfor|følgende",
    )
});

/// Right behind a number: what it counts.
pub(super) static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\ ?(?:(?:min(?:ute[sn]?)?|s|sec(?:onds?)?|h|hours?|days?|stunden|uhr|[kmgt]i?b|k?m
        |px|eur|usd|gbp
        |chf|pln|jpy|btc|tl|kr|kč|points|people|files|codes|lines
        |downloads|users|accounts|additions|deletions|trees|members|times
        |scans)\b
        |zł|руб|[%€$£¥₩₽°円元원年月])",
    )
});

/// Right before a number: what hides the rest of it.
pub(super) static MASK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\*{3}|[•●]{2}|x{3})[\ -]?$"));

/// Right before a number: what it is a sum of.
pub(super) static CURRENCY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\b(?:eur|usd|gbp|chf|pln|jpy)|[$€£¥￥₩₽])\ ?$"));

/// Ignores case and the blanks in the pattern. `\b` is told of ASCII alone, which keeps searching
/// linear and fast in all scripts.
fn pattern(words: &str) -> Regex {
    let words = words.replace(r"\b", r"(?-u:\b)");
    Regex::new(&format!("(?ix){words}")).expect("the words are a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_parts_of_words() {
        for text in ["Your code", "PIN:", "Bestätigungscode", "engångskod", "認証コード", "код"]
        {
            assert!(CODE.is_match(text), "{text}");
        }
        for text in ["decoder", "pinned", "standing", "Kodak"] {
            assert!(!CODE.is_match(text), "{text}");
        }
        for text in ["Order 1", "zip code", "Rechnungsnummer", "Nr. 5", "订单号", "# 4"] {
            assert!(OTHER.is_match(text), "{text}");
        }
        for text in ["recall", "border", "since1"] {
            assert!(!OTHER.is_match(text), "{text}");
        }
        assert!(UNIT.is_match(" minutes") && UNIT.is_match("%") && !UNIT.is_match(" is"));
        assert!(CURRENCY.is_match("EUR ") && !CURRENCY.is_match("neur "));
    }
}
