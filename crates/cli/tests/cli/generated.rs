//! Documents that the code writes.

use std::path::Path;

use crate::Home;

/// Documents that the code writes; each by `hoesu generate NAME > docs/FILE`.
#[test]
fn generated_documents_are_what_the_code_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (what, file) in [
        ("config-schema", "config.schema.json"),
        ("channels", "channels.md"),
        ("api", "api.json"),
        ("sandbox", "sandbox.json"),
    ] {
        let said = Home::new().run(&["generate", what]);
        assert_eq!(said.exit, 0, "{said:?}");
        let kept = std::fs::read_to_string(docs.join(file)).unwrap_or_default();
        assert!(said.out == kept, "run `hoesu generate {what} > docs/{file}`");
    }
}
