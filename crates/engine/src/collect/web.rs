//! HTTP as it is made in the world: by reqwest over rustls.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use hoesu_channels::connect::{HttpAsk, HttpSaid};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use rustls::crypto::ring;

use super::{Http, Unanswered};

/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// How long a whole answer may take: channels give up on themselves long before.
const ANSWER_MAX: Duration = Duration::from_mins(1);

/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 32 << 20;

/// Calls over the network.
#[derive(Debug, Default)]
pub struct Web {
    /// To this machine, without TLS and without a proxy.
    near: OnceLock<Client>,
    /// To the world. Made when first needed: it looks for the system's certificates.
    far: OnceLock<Option<Client>>,
}

impl Web {
    /// Nothing is opened before the first call.
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self, origin: &str) -> Option<&Client> {
        if origin.starts_with("http://") {
            let near = || builder().no_proxy().tls_backend_preconfigured(without_roots());
            Some(self.near.get_or_init(|| near().build().expect("a client without roots is made")))
        } else {
            self.far.get_or_init(far).as_ref()
        }
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_MAX)
        .timeout(ANSWER_MAX)
        .user_agent(concat!("hoesu/", env!("CARGO_PKG_VERSION")))
        .referer(false)
}

fn far() -> Option<Client> {
    // Whoever was first has installed the same.
    let _ = ring::default_provider().install_default();
    match builder().https_only(true).build() {
        Ok(client) => Some(client),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "no channel can be called: are ca-certificates installed?");
            None
        }
    }
}

/// TLS that trusts nobody, for calls that have none.
fn without_roots() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

#[async_trait]
impl Http for Web {
    async fn call(&self, ask: HttpAsk) -> Result<HttpSaid, Unanswered> {
        let client = self.client(&ask.origin).ok_or(Unanswered::Broken)?;
        let mut request = client.request(ask.method.clone(), ask.url());
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let mut answer = request.body(ask.body).send().await.map_err(|error| why(&error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| why(&error))? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(Unanswered::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpSaid { status, headers, body: body.into() })
    }
}

fn why(error: &reqwest::Error) -> Unanswered {
    if error.is_timeout() && !error.is_connect() { Unanswered::Late } else { Unanswered::Broken }
}
