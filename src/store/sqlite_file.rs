//! The file of an embedded database, which holds everything that there is to know: only the service's own account may read it. SQLite
//! gives the files beside it (`-wal`, `-shm`) the same permissions.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Makes the file, and the folders on the way to it, where they are missing. What is there keeps its permissions; where others may read it,
/// the log says so.
pub fn prepare(file: &Path) -> Result<(), Error> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        let made = DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder);
        made.map_err(|error| Error::new(error.kind(), format!("its folder cannot be made: {error}")))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mode = file.metadata()?.permissions().mode();
            if mode & 0o077 != 0 {
                let file = file.display();
                tracing::warn!(
                    "other accounts of this machine may open {file}; chmod 600 closes it (its mode is {:o})",
                    mode & 0o777
                );
            }
            Ok(())
        }
        made => made.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("a file").permissions().mode() & 0o777
    }

    /// Fault B6.
    #[tokio::test]
    async fn nobody_else_may_read_a_new_database() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a/b/woodgate.db");
        let store = Store::connect(&format!("sqlite://{}", file.display())).await.expect("a database");
        store.migrate().await.expect("migrations");
        for beside in ["woodgate.db", "woodgate.db-wal", "woodgate.db-shm"] {
            assert_eq!(mode(&file.with_file_name(beside)), 0o600, "{beside}");
        }
        for folder in [file.parent(), file.parent().and_then(Path::parent)] {
            assert_eq!(mode(folder.expect("a folder")), 0o700);
        }
        store.close().await;
    }
}
