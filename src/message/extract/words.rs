//! The words that tell a code from other numbers, in sixteen languages.

use std::sync::LazyLock;

use regex::Regex;

/// Names of one-time codes.
pub(super) static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"code[sn]?\b|kod(?:e[nr]?|u|em|y|unuz|unu)?\b|c[oó]digos?|c[oó]dic[ei]|kód|\b(?:pin
        |otp|m?tan)\b
        |pass(?:word|wort|phrase)|kennwort|wachtwoord|mot\ de\ passe|contraseña|clave\b|senha
        |has[łl]o
        |parola|lösenord|adgangskode|prüf(?:ziffer|nummer)|sicherheitsnummer|verification\ number
        |код|парол|コード|パスワード|暗証番号|認証番号|確認番号|验证码|驗證碼|校验码|校驗碼|动态码|動態碼
        |密码|密碼|激活码|啟用碼|确认码|確認碼|安全码|安全碼|인증\ ?번호|코드|비밀번호",
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
        |promotion|promotional
        |product|dress|discount|voucher|coupon|referral|sort|swift)[\ -]?codes?
        |code\ (?:review|owners|of\ conduct|postal|promo|base)|postcode|barcode|sku|serial
        |build|job|incident
        |article|version|port|pid|suite|room|extension|registered|vat|hrb|copyright|campaign
        |points|balance
        |amount|receipt|terminal|member\ since|since|transaction|commit|iban|bic|p\.?o\.?\ box
        |http)\b
        |\(c\)|©|№|\#|\bn(?:[or]\.|[.°º]+)|\bnr\b
        |bestell|rechnung|kundenn|sendung|postleitzahl|\bplz\b|telefon|auftrag|vorgang|artikel
        |aktenzeichen|postfach
        |commande|facture|tél|\bcolis|dossier|référence
        |pedido|factura|teléfono|envío|código\ (?:postal|de\ descuento|promocional)|referencia
        |ordine|fattura|spedizione|codice\ (?:postale|fiscale|sconto|promozionale)|\bcap\b
        |pratica|p\.iva
        |encomenda|fatura|nota\ fiscal|\bcep\b|rastre
        |factuur|klantn|pakket|zending
        |zamówieni|faktur|przesył|kod\ (?:pocztowy|rabatowy)|klienta
        |заказ|сч[её]т|телефон|тел\.|индекс|трек|накладн|договор|промокод
        |sipariş|beställning|objednávk
        |注文番号|電話|郵便番号|追跡番号|伝票番号|問い合わせ番号|会員番号|請求書|予約番号|〒
        |订单|訂單|电话|電話|邮编|郵遞區號|单号|單號|发票|發票|尾号|优惠码
        |주문\ ?번호|전화|우편번호|송장",
    )
});

/// What makes a code one for a purchase.
pub(super) static PROMOTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"%\ ?off\b|discount|coupon|promo|voucher|gift\ ?card|checkout|redeem|rabatt|rabat\b
        |gutschein
        |remise|réduction|descuento|cup[oó]n|sconto|desconto|cupom|korting|kupon|zni[żz]k
        |indirim
        |скидк|промокод|купон|クーポン|割引|优惠|優惠|折扣|쿠폰|할인",
    )
});

/// Right behind a number: what it counts.
pub(super) static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\ ?(?:(?:min(?:ute[sn]?)?|s|sec(?:onds?)?|h|hours?|days?|stunden|uhr|[kmgt]i?b|k?m
        |px|eur|usd|gbp
        |chf|pln|jpy|btc|tl|kr|kč|points|people|files|additions|deletions|trees|members|times
        |scans)\b
        |zł|руб|[%€$£¥₩₽°円元원年月])",
    )
});

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
