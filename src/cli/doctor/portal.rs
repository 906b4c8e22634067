//! Whether the desktop's own file dialog would answer: the portal is asked for its version over D-Bus, and opens nothing.

/// What the portal said.
pub(super) enum Portal {
    /// It is there, in this version of its interface.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    Answers(u32),
    /// It is not, and why.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    Silent(String),
    /// The system has its dialog built in.
    #[cfg_attr(target_os = "linux", allow(dead_code))]
    BuiltIn,
}

#[cfg(not(target_os = "linux"))]
pub(super) fn ask() -> Portal {
    Portal::BuiltIn
}

/// A portal may have to be started first; one that takes longer is none in a workshop.
#[cfg(target_os = "linux")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

#[cfg(target_os = "linux")]
pub(super) fn ask() -> Portal {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let Ok(runtime) = runtime else {
        return Portal::Silent("it could not be asked".to_owned());
    };
    runtime.block_on(async {
        match tokio::time::timeout(PATIENCE, version()).await {
            Ok(Ok(version)) => Portal::Answers(version),
            Ok(Err(error)) => Portal::Silent(error.to_string()),
            Err(_) => Portal::Silent(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    })
}

/// The property `version` of org.freedesktop.portal.FileChooser.
#[cfg(target_os = "linux")]
async fn version() -> zbus::Result<u32> {
    let connection = zbus::Connection::session().await?;
    let proxy = zbus::Proxy::new(
        &connection,
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.FileChooser",
    )
    .await?;
    proxy.get_property("version").await
}
