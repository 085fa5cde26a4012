//! The couriers Coupang knows, by its codes. There is no `LOTTE`, `LOGEN`, `KPOST` or `CJ` among them.

use hoesu_market::Courier;

use super::refusal::Refused;

/// Those most parcels go with, and their names.
pub(super) const COMMON: [(&str, &str); 14] = [
    ("CJGLS", "CJ대한통운"),
    ("HANJIN", "한진택배"),
    ("HYUNDAI", "롯데택배"),
    ("KGB", "로젠택배"),
    ("EPOST", "우체국"),
    ("KDEXP", "경동택배"),
    ("DAESIN", "대신택배"),
    ("ILYANG", "일양택배"),
    ("CHUNIL", "천일특송"),
    ("HDEXP", "합동택배"),
    ("KUNYOUNG", "건영택배"),
    ("CVS", "CVS택배"),
    ("LOTTEGLOBAL", "롯데글로벌"),
    ("DIRECT", "업체직송"),
];

/// Those of the published list, and those of newer copies of it.
const CODES: &str = "\
    ACCCARGO ACEEXP ACIEXPRESS ACTCORE AIRBOY AJOU ALLTAKOREA ANYTRACK ARAMEX ARGO BABABA \
    BANPOOM BGF BISNZ BRIDGE CAINIAO CARGOPLEASE CHAINLOGIS CHUNIL CJGLS CJWATER COSHIP COUPANG \
    CRLX CSLOGIS CUBEFLOW CVS CWAY DADREAM DAERIM DAESIN DAEWOON DAIICHI DHL DHLGLOBALMAIL \
    DIRECT DNDN DODOFLEX DONGBU DRABBIT DUXGLOBAL ECMS ECOHAI EFS EKDP ELIAN EMS EPOST ESTHER \
    ESTLA ETOMARS EUGWATER EUNHA FASTBOX FEDEX FOREVERPS FRESHMATES FRESHSOLUTIONS FTF FUKUYAMA \
    GBS GCS GDAKOREA GDSP GENIEGO GHSPEED GKGLOBAL GLOVIS GNETWORK GOBOX GONELO GOODSTOLUCK \
    GPSLOGIX GSIEXPRESS GSMNTON GTSLOGIS HANDEX HANJIN HANMI HANSSEM HDEXP HEREWEGO HILOGIS \
    HIVECITY HKHOLDINGS HOME1004 HOMEINNOV HOMEPICK HOMEPICKTODAY HONAM HOTSINGCARGO HOWSER HPL \
    HUBNET HWATONG HY HYUNDAI IBP ICS IK ILYANG INNOGIS INNOS INTERLOGIS INTRAS IPARCEL IQS JCLS \
    JIKGUMOON JLOGIST JMNP JNET JWTNL KDEXP KGB KGBLS KGBPS KGLNET KJT KOKUSAI KOREX KOREXG KT \
    KUNYOUNG KURLYNEXTMILE LETUS LGE LINEEXPRESS LOGISPARTNER LOGISPOT LOGISVALLEY LOTTECHILSUNG \
    LOTTEGLOBAL LSERVICE LTL MDLOGIS MTINTER NAEUN NEXEN NHLOGIS NKLS NTLPS OCS ONEDAYLOGIS \
    OVERSEA PANASIA PANSTAR PANTOS PINGPONG POOLATHOME PULMUONEWATER QRUN QXPRESS REGISTPOST \
    RUSH SAMSUNGAC SAMSUNGSDS SBGLS SEBANG SELC SEORIM SFC SFEXPRESS SHFLY SHIPNERGY SINOEX SLX \
    SMARTLOGIS SPARKLE SWGEXP TEAMFRESH THEBAO TNT TODAY TODAYPICKUP TONAMI TPMLOGIS TSG \
    TWOFASTEXP UFREIGHT UPS USPS VALEX VENDORPIA VROONG WARPEX WEMOVE WEVILL WIDETECH WINION \
    WINION2 WINION_3P WONDERS WOOJIN WOONGJI WOORIHB XINPATEK YDH YELLOW YJSGLOBAL YONGMA YUNDA \
    ZENIELSYSTEM";

/// The courier of a code. A wrong one is known to break the call.
pub(super) fn named(code: &str) -> Result<Courier, Refused> {
    let upper = code.to_ascii_uppercase();
    if upper == "CJGLS" {
        return Ok(Courier::Cj);
    }
    if code.is_empty() || !CODES.split(' ').any(|known| known == upper) {
        return Err(Refused::Broken("[INTERNAL_SERVER_ERROR] 유효하지 않은 택배사 코드입니다."));
    }
    Ok(Courier::Named(code.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_are_often_guessed_are_none() {
        for code in ["LOTTE", "LOGEN", "KPOST", "CJ", "", "CJGLS HYUNDAI"] {
            assert!(named(code).is_err(), "{code}");
        }
        assert_eq!(named("CJGLS"), Ok(Courier::Cj));
        assert!(COMMON.iter().all(|(code, _)| named(code).is_ok()));
        for code in ["HYUNDAI", "KGB", "EPOST", "DIRECT", "hdexp"] {
            assert_eq!(named(code), Ok(Courier::Named(code.to_owned())));
        }
    }
}
