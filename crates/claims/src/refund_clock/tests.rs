use jiff::civil::date;

use super::*;

#[test]
fn due_is_the_third_business_day_after_the_start() {
    // 2025-10-02 is a Thursday; Chuseok and its substitute fill the time to 2025-10-09.
    let clock = Clock::start(date(2025, 10, 2), StartIs::GoodsBack, &Calendar::default());
    assert_eq!(clock.cause, Cause::Returned);
    assert_eq!(clock.due, date(2025, 10, 14));
    assert_eq!(clock.speaks_from, date(2025, 10, 13));
    assert!(clock.holidays_known);
}
