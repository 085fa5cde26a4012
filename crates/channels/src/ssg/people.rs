//! Which members hold what is somebody's.

use crate::people::Holds::{Address, Name, Phone, Plain, Postcode, Words};
use crate::people::Personal;

pub(super) const PEOPLE: &[Personal] = &[
    Personal("ordpeNm", Name),
    Personal("ordpeHpno", Phone),
    Personal("ordpeTelno", Phone),
    Personal("rcptpeNm", Name),
    Personal("rcptpeHpno", Phone),
    Personal("rcptpeTelno", Phone),
    Personal("shpplocAddr", Address),
    Personal("shpplocBascAddr", Address),
    Personal("shpplocDtlAddr", Words),
    Personal("shpplocZipcd", Postcode),
    Personal("shpplocOldZipcd", Postcode),
    Personal("ordMemoCntt", Words),
    Personal("memoCntt", Words),
    Personal("retProcMemoCntt", Words),
    Personal("clmRsnCntt", Words),
    Personal("ordRcpMediaNm", Plain),
    Personal("ordItemStatNm", Plain),
    Personal("clmRsnNm", Plain),
    Personal("itemNm", Plain),
    Personal("uitemNm", Plain),
    Personal("retProcStatNm", Plain),
    Personal("shppDivDtlNm", Plain),
    Personal("shppStatNm", Plain),
    Personal("shppTypeDtlNm", Plain),
    Personal("lastShppProgStatDtlNm", Plain),
    Personal("delicoVenNm", Plain),
    Personal("retImptMainNm", Plain),
    Personal("retRefusRsnNm", Plain),
    Personal("wblNo", Plain),
    Personal("ordNo", Plain),
    Personal("orordNo", Plain),
];
