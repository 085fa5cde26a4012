//! A finding that was written down is read back as it was.

use std::fmt::Debug;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::DeserializeOwned;

use super::*;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(told: &T) {
    let written = serde_json::to_string(told).unwrap();
    let read: T = serde_json::from_str(&written).unwrap();
    assert_eq!(&read, told);
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let whole = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    (whole, 0..1_000_000_000_i32)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn account() -> impl Strategy<Value = AccountId> {
    any::<i64>().prop_map(AccountId)
}

fn won() -> impl Strategy<Value = Option<Won>> {
    option::of(any::<i64>().prop_map(Won))
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(any::<String>(), 0..3)
}

fn proposed() -> impl Strategy<Value = Proposed> {
    let text = any::<String>;
    let texted = || option::of(any::<String>());
    let counted = || option::of(any::<Quantity>());
    prop_oneof![
        (account(), text(), texts(), any::<Quantity>()).prop_map(
            |(warehouse, row, invoices, quantity)| Proposed::StopShipment {
                warehouse,
                row,
                invoices,
                quantity
            }
        ),
        (prop::collection::vec(account(), 0..3), texts(), texts(), any::<Quantity>()).prop_map(
            |(warehouses, rows, invoices, quantity)| Proposed::StopOneOf {
                warehouses,
                rows,
                invoices,
                quantity
            }
        ),
        (prop::collection::vec(account(), 0..3), texts(), any::<Quantity>()).prop_map(
            |(warehouses, rows, quantity)| Proposed::ResumeOneOf { warehouses, rows, quantity }
        ),
        (texts(), any::<Quantity>())
            .prop_map(|(waybills, quantity)| Proposed::RecoverParcel { waybills, quantity }),
        (text(), counted())
            .prop_map(|(claim, quantity)| Proposed::AnswerStopped { claim, quantity }),
        (text(), texted(), texted()).prop_map(|(claim, courier, waybill)| {
            Proposed::AnswerShipped { claim, courier, waybill }
        }),
        (text(), won()).prop_map(|(claim, amount)| Proposed::Refund { claim, amount }),
        (texts(), won()).prop_map(|(claims, amount)| Proposed::RecoverRefund { claims, amount }),
        (texts(), any::<Quantity>())
            .prop_map(|(claims, quantity)| Proposed::RefuseExcess { claims, quantity }),
        (text(), prop::collection::vec(select(&[Proof::Photo, Proof::Video][..]), 0..3))
            .prop_map(|(claim, evidence)| Proposed::Appeal { claim, evidence }),
        text().prop_map(|claim| Proposed::CheckRefund { claim }),
        text().prop_map(|claim| Proposed::ChaseGoods { claim }),
        texts().prop_map(|tickets| Proposed::FindClaim { tickets }),
        texts().prop_map(|tickets| Proposed::Recount { tickets }),
        text().prop_map(|claim| Proposed::ConfirmReceipt { claim }),
        (text(), counted()).prop_map(|(claim, quantity)| Proposed::Approve { claim, quantity }),
        text().prop_map(|what| Proposed::CollectAgain { what }),
        (text(), texted(), texted()).prop_map(|(order, waybill, item)| {
            Proposed::SendVendorReturn { order, waybill, item }
        }),
        (account(), text()).prop_map(|(warehouse, row)| Proposed::Resume { warehouse, row }),
        text().prop_map(|claim| Proposed::CorrectFee { claim }),
        text().prop_map(|path| Proposed::LearnContract { path }),
        prop::collection::vec(account(), 0..3)
            .prop_map(|candidates| Proposed::ChooseAccount { candidates }),
    ]
}

fn evidence() -> impl Strategy<Value = Vec<DocumentRef>> {
    let document = (account(), any::<String>(), any::<String>(), any::<i64>())
        .prop_map(|(account, kind, key, version)| DocumentRef { account, kind, key, version });
    prop::collection::vec(document, 0..3)
}

prop_compose! {
    fn finding()(
        (id, order, about) in any::<(String, String, String)>(),
        rule in select(&Rule::ALL[..]),
        since in instant(),
        deadline in option::of(instant()),
        won_at_risk in won(),
        interest in won(),
        claims in texts(),
        proposed in option::of(proposed()),
        evidence in evidence(),
        (ko, en) in any::<(String, String)>(),
    ) -> Finding {
        let sentence = Sentence { ko, en };
        Finding {
            id, rule, order, about, since, deadline, won_at_risk, interest, claims, proposed, evidence,
            sentence,
        }
    }
}

proptest! {
    #[test]
    fn a_stored_finding_is_read_back_as_it_was(
        findings in prop::collection::vec(finding(), 0..3),
        wake_at in option::of(instant()),
    ) {
        comes_back(&Assessment { findings, wake_at });
    }

    #[test]
    fn a_stored_policy_is_read_back_as_it_was(
        (goods_after_refund_days, collection_days, appeal_business_hours)
            in any::<(u32, u32, u32)>(),
    ) {
        comes_back(&Policy { goods_after_refund_days, collection_days, appeal_business_hours });
    }
}

#[test]
fn a_rule_is_read_by_its_id_and_by_nothing_else() {
    for rule in Rule::ALL {
        comes_back(&rule);
    }
    let unknown = serde_json::from_str::<Rule>("\"refund-now\"").unwrap_err();
    assert_eq!(unknown.to_string(), "no rule is called refund-now");
    assert!(serde_json::from_str::<Rule>("1").is_err());
}
