//! Korean help: by command, by command and argument, or by argument where it says the same
//! everywhere.

/// Key, text.
static KOREAN: &[(&str, &str)] = &[
    ("hoesu", "여러 판매 채널의 취소·반품·환불을 한눈에 봐요"),
    ("version", "버전을 보여 줘요"),
    ("help", "도움말을 보여 줘요"),
    ("data", "장부 폴더. 기본은 ./hoesu-data"),
    ("database", "장부를 둘 PostgreSQL 주소(URL)"),
    ("master_key_file", "마스터 키 파일. 기본은 데이터 폴더의 master.key"),
    ("config", "설정 파일(TOML). 환경 변수(HOESU_…)와 옵션이 더 우선해요"),
    ("lang", "메시지 언어: ko 또는 en"),
    ("json", "프로그램이 읽을 수 있게 JSON으로 답해요"),
    ("seller", "판매자. 여럿이면 꼭 골라야 해요"),
    ("account", "계정 이름"),
    ("listen", "대답할 주소. 기본은 127.0.0.1:8780"),
    ("hoesu serve", "장부에 있는 것으로 채널들 대신 대답해요. 멈추라고 할 때까지 계속해요"),
    ("hoesu serve tls_cert", "TLS 인증서 체인(PEM). --tls-key와 함께 써요"),
    ("hoesu serve tls_key", "TLS 개인 키(PEM). --tls-cert와 함께 써요"),
    ("hoesu serve log", "남길 로그: error, warn, info, debug 또는 필터"),
    ("hoesu serve log_format", "로그 형식: text 또는 json. 터미널이 아니면 json"),
    ("hoesu demo", "지어낸 판매자·주문·클레임으로 전부 써 봐요. 아무것도 남기지 않아요"),
    ("hoesu seller", "판매자를 추가하고 봐요"),
    ("hoesu seller add", "판매자를 추가해요"),
    ("hoesu seller add name", "판매자 이름"),
    ("hoesu seller list", "판매자 목록을 보여 줘요"),
    ("hoesu account", "계정(판매자와 채널의 계약)을 다뤄요"),
    ("hoesu account add", "계정을 추가하고 인증 정보를 한 번만 보여 줘요"),
    ("hoesu account add channel", "채널 이름"),
    ("hoesu account add name", "계정 이름. 한 판매자 안에서 겹치지 않아야 해요"),
    ("hoesu account add set", "설정이나 인증 정보 항목. 여러 번 쓸 수 있고, 안 준 것은 만들어요"),
    ("hoesu account list", "계정 목록을 보여 줘요"),
    ("hoesu account show", "계정 하나를 비밀 값 없이 보여 줘요"),
    ("hoesu account rotate", "인증 정보를 새로 만들어 한 번만 보여 줘요. 전의 것은 못 쓰게 돼요"),
    (
        "hoesu account rotate set",
        "설정이나 인증 정보 항목. 여러 번 쓸 수 있고, 안 준 것은 만들어요",
    ),
    ("hoesu account disable", "이 계정의 인증 정보로 더는 들어오지 못하게 해요"),
    ("hoesu account enable", "이 계정의 인증 정보로 다시 들어올 수 있게 해요"),
    ("hoesu key", "hoesu 자체 API의 키를 다뤄요"),
    ("hoesu key add", "키를 추가하고 한 번만 보여 줘요"),
    ("hoesu key add name", "키 이름. 쓰고 있는 키끼리 겹치지 않아야 해요"),
    (
        "hoesu key add scopes",
        "읽을 수 있는 것. 여러 번 쓸 수 있고, 기본은 findings:read와 cases:read. documents:read는 구매자의 이름·전화번호·주소 같은 개인정보를 내줘요",
    ),
    ("hoesu key list", "키 목록을 없앤 것까지 보여 줘요"),
    ("hoesu key revoke", "키를 없애요. 다시는 쓸 수 없어요"),
    ("hoesu key revoke name", "키 이름"),
    ("hoesu import", "채널이 말한 것을 장부로 가져와요: 응답 본문 그대로, 또는 한 줄에 하나씩"),
    ("hoesu import account", "어느 계정의 것인지"),
    ("hoesu import file", "JSON, NDJSON 또는 XML. 길이는 상관없고, -이면 표준 입력을 읽어요"),
    (
        "hoesu import observed_at",
        "채널이 이렇게 말한 때. 시간대가 없으면 한국 시간이고, 기본은 지금",
    ),
    ("hoesu import marks", "본문 밖에서 아는 것: confirmed=2024-01-31. 여러 번 쓸 수 있어요"),
    ("hoesu export", "계정의 현재 원문을 한 줄에 하나씩(NDJSON) 표준 출력으로 내보내요"),
    ("hoesu refusals", "거절된 기록을 최근 것부터 보여 줘요"),
    ("hoesu refusals account", "이 계정의 것만"),
    ("hoesu refusals limit", "최대 몇 건인지. 기본은 100"),
    (
        "hoesu assess",
        "정한 때를 기준으로 무엇이 잘못됐고 언제까지 해야 하는지 봐요. 그 뒤의 일은 모르는 것으로 치고, 아무것도 저장하지 않아요",
    ),
    ("hoesu assess at", "기준 시각. 시간대가 없으면 한국 시간"),
    ("hoesu assess order", "이 주문만: 주문번호, 클레임 번호 또는 출고 송장번호"),
    ("hoesu case", "주문 한 건의 클레임·물건·돈의 상태, 수량, 있었던 일, 원문, 지금 할 일을 봐요"),
    ("hoesu case order", "주문번호. 클레임 번호나 출고 송장번호로도 찾아요"),
    ("hoesu calendar", "환불 기한을 세는 영업일을 봐요"),
    ("hoesu calendar due", "이날 시작하는 환불 기한이 언제까지인지 봐요"),
    ("hoesu calendar due start", "시작하는 날. 이날은 세지 않아요"),
    ("hoesu sign", "채널을 부를 때 쓸 서명 헤더를 만들어요"),
    ("hoesu sign channel", "채널 이름"),
    ("hoesu sign method", "HTTP 메서드"),
    ("hoesu sign target", "경로와 쿼리. 보낼 그대로 써 주세요"),
    ("hoesu sign set", "인증 정보 항목. 여러 번 쓸 수 있어요"),
    ("hoesu sign access_key", "액세스 키(있는 채널만)"),
    ("hoesu sign secret_key", "시크릿 키(있는 채널만)"),
    ("hoesu sign account", "장부가 아는 인증 정보를 이 계정에서 가져와요"),
    ("hoesu sign at", "서명하는 때. 기본은 지금"),
    ("hoesu sign header_value", "서명 헤더의 값만 보여 줘요"),
    ("hoesu doctor", "데이터 폴더, 키, 시계, 데이터베이스, 구조를 살펴보고 할 일을 알려 줘요"),
    ("hoesu completions", "셸 자동 완성 스크립트를 보여 줘요: bash, zsh, fish, elvish, powershell"),
    ("hoesu completions language", "셸 이름"),
    ("hoesu bench", "이 컴퓨터에서 얼마나 빠른지 재요"),
    ("hoesu bench surfaces", "지어낸 원문으로 표면들을 재고, 고정 응답(상한)과 견줘요"),
    ("hoesu bench surfaces documents", "원문 수. 여러 번 쓸 수 있고, 기본은 100000"),
    ("hoesu bench surfaces seconds", "한 번 재는 시간(초). 기본은 10"),
    ("hoesu bench surfaces connections", "클라이언트 연결 수. 기본은 32"),
    ("hoesu bench surfaces scratch", "임시 장부를 만들 폴더. 기본은 시스템의 임시 폴더"),
    ("hoesu bench ceiling", "고정된 바이트로만 대답해요. 표면을 견주는 상한이에요"),
    ("hoesu bench ceiling bytes", "바이트 수. 기본은 2400"),
    ("hoesu generate", "코드에서 만들어지는 문서를 보여 줘요"),
    ("hoesu generate what", "무엇을: config-schema 또는 channels"),
];

/// The Korean text of a key.
pub(super) fn of(key: &str) -> Option<&'static str> {
    KOREAN.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

/// Every key.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    KOREAN.iter().map(|(key, _)| *key)
}
