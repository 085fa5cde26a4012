"""Works a sandbox through the published client `coupang` 1.4.2: its `returns` and `exchange`
modules as they are. Only the host they call is another one.

Run in a folder that holds `coupang.ini`, with the sandbox's address and the vendor's id.
"""

import datetime
import json
import sys
import time
import urllib.request

from coupang import common, exchange, returns

BASE, VENDOR = sys.argv[1:]
REAL = "https://api-gateway.coupang.com"

# The host, and nothing else.
_request = common.request


def request(method, url, *rest):
    assert url.startswith(REAL), url
    time.sleep(0.12)  # below the limit of calls in a second
    return _request(method, BASE + url[len(REAL):], *rest)


common.request = request


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(f"{BASE}/_sandbox{path}", data=data, method=method)
    with urllib.request.urlopen(call) as answer:
        return json.loads(answer.read())


def now():
    return datetime.datetime.fromisoformat(control("GET", "/clock")["now"].replace("Z", "+00:00"))


def go_on(**by):
    later = now() + datetime.timedelta(**by)
    control("PUT", "/clock", {"now": later.isoformat().replace("+00:00", "Z")})


def day(days=0):
    korea = now() + datetime.timedelta(hours=9, days=days)
    return korea.strftime("%Y-%m-%d")


def ok(answer, what):
    assert answer is not None, f"{what}: the client got no answer"
    assert str(answer["code"]) == "200", f"{what}: {answer}"
    return answer


WHERE = {"vendorId": VENDOR}


def listed(status):
    """Every return of a status, page by page."""
    rows, token = [], ""
    while True:
        query = {"createdAtFrom": day(-20), "createdAtTo": day(), "status": status,
                 "maxPerPage": 50, "nextToken": token}
        page = ok(returns.get_return_request_by_query(WHERE, query), f"returns {status}")
        rows += page["data"]
        token = page.get("nextToken") or ""
        if not token:
            return rows


def single(receipt):
    answer = returns.get_return_request_by_receipt({**WHERE, "receiptId": receipt})
    (row,) = ok(answer, f"return {receipt}")["data"]
    assert row["receiptId"] == receipt
    return row


def exchanges():
    """The exchanges of the last weeks, a week at a time."""
    rows = []
    for week in range(3):
        token = ""
        while True:
            query = {"createdAtFrom": f"{day(-7 * week - 6)}T00:00:00",
                     "createdAtTo": f"{day(-7 * week)}T23:59:00",
                     "maxPerPage": 50, "nextToken": token}
            page = ok(exchange.get_exchange_request(WHERE, query), "exchanges")
            rows += page["data"]
            token = page.get("nextToken") or ""
            if not token:
                break
    return rows


def tried(rows, write, what):
    """The first row for which a write is taken; a sandbox has some of each kind."""
    for row in rows[:12]:
        answer = write(row)
        if answer is not None and str(answer["code"]) == "200":
            return row, answer
    raise AssertionError(f"{what}: none of {len(rows)} was taken")


# Reading returns.
open_ones = listed("UC")
assert open_ones, "a market without returns"
everything = {status: listed(status) for status in ("RU", "UC", "CC", "PR")}
for row in open_ones[:3]:
    assert single(row["receiptId"])["orderId"] == row["orderId"]

# A waybill of the seller's own, the goods confirmed, the return approved.
unfetched = [row for row in open_ones if row["receiptStatus"] == "RETURNS_UNCHECKED"]


def collect(row):
    return returns.create_return_exchange_invoice(WHERE, {
        "returnExchangeDeliveryType": "RETURN", "receiptId": row["receiptId"],
        "deliveryCompanyCode": "CJGLS", "invoiceNumber": str(540000000000 + row["receiptId"]),
        "regNumber": ""})


def confirm(row):
    return returns.get_return_request_confirmation(
        {**WHERE, "receiptId": row["receiptId"]})


def approve(row):
    return returns.approve_return_request_by_receipt(
        {**WHERE, "receiptId": row["receiptId"], "cancelCount": row["cancelCountSum"]})


tried(unfetched, collect, "collect")
row, _ = tried(unfetched, confirm, "confirm")
assert single(row["receiptId"])["receiptStatus"] in ("VENDOR_WAREHOUSE_CONFIRM", "RETURNS_COMPLETED")
row, _ = tried([row] + everything["UC"], approve, "approve")
assert single(row["receiptId"])["receiptStatus"] == "RETURNS_COMPLETED"

# Withdrawals, by time and by receipt.
withdrawn = []
for week in range(3):
    query = {"dateFrom": day(-7 * week - 6), "dateTo": day(-7 * week), "pageIndex": 1,
             "sizePerPage": 100}
    withdrawn += ok(returns.get_return_withdraw_request(WHERE, query), "withdrawals")["data"]
if withdrawn:
    ids = [row["cancelId"] for row in withdrawn[:5]]
    again = ok(returns.get_return_withdraw_by_cancel_ids(WHERE, {"cancelIds": ids}), "by receipt")
    assert {row["cancelId"] for row in again["data"]} == set(ids)

# Exchanges: one turned down, one confirmed and sent again once its box is there.
asked = [row for row in exchanges() if row["exchangeStatus"] == "RECEIPT"]
assert len(asked) >= 2, "a market without exchanges"


def reject(row):
    return exchange.reject_exchange_request(
        {**WHERE, "exchangeId": row["exchangeId"], "exchangeRejectCode": "SOLDOUT"})


def receive(row):
    return exchange.confirm_exchange_request({**WHERE, "exchangeId": row["exchangeId"]})


turned_down, _ = tried(asked, reject, "reject")
asked = [row for row in asked if row["exchangeId"] != turned_down["exchangeId"]]
received, _ = tried(asked, receive, "confirm exchange")
go_on(minutes=11)


def new_boxes(value):
    if isinstance(value, dict):
        if value.get("orderType") == "EXCHANGE":
            yield value["shipmentBoxId"]
        for member in value.values():
            yield from new_boxes(member)
    elif isinstance(value, list):
        for member in value:
            yield from new_boxes(member)


states = {row["exchangeId"]: row for row in exchanges()}
assert states[turned_down["exchangeId"]]["exchangeStatus"] == "REJECT"
assert states[received["exchangeId"]]["exchangeStatus"] == "PROGRESS"
(box,) = list(new_boxes(states[received["exchangeId"]]))[:1]
ok(exchange.update_invoice_exchange_request({
    **WHERE, "exchangeId": received["exchangeId"], "shipmentBoxId": box,
    "goodsDeliveryCode": "CJGLS", "invoiceNumber": "540123456789"}), "exchange invoice")

print(f"{len(open_ones)} returns, {len(withdrawn)} withdrawals, {len(states)} exchanges")
