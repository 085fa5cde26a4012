//! Where a file named on the command line is read from; `-` is standard input.

use std::fs::File;
use std::io::{Read, Stdin};
use std::path::Path;

use crate::failure::{Failure, Result, fail};

/// Where bytes come from.
pub(crate) enum Source {
    File(File),
    Stdin(Stdin),
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stdin(stdin) => stdin.lock().read(buffer),
        }
    }
}

/// Opens a file; answers its length as well, where that is known.
pub(crate) fn open(path: &Path) -> Result<(Source, Option<u64>)> {
    if path.as_os_str() == "-" {
        return Ok((Source::Stdin(std::io::stdin()), None));
    }
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (about, file) = opened.map_err(|error| unopened(path, &error))?;
    if about.is_dir() {
        let file = path.display();
        return Err(fail!(
            "{file}은(는) 폴더예요. 파일을 하나씩 넣어 주세요",
            "{file} is a folder; import its files one by one"
        ));
    }
    Ok((Source::File(file), about.is_file().then_some(about.len())))
}

/// Reads a file into memory, so many bytes of it at most.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>> {
    let (source, _) = open(path)?;
    let mut file = Vec::new();
    source.take(bytes_max).read_to_end(&mut file).map_err(|error| unopened(path, &error))?;
    Ok(file)
}

fn unopened(path: &Path, error: &std::io::Error) -> Failure {
    let file = path.display();
    fail!(
        "파일을 열지 못했어요: {file} ({error}). 경로와 권한을 확인해 주세요",
        "the file could not be opened: {file} ({error}); check its path and permissions"
    )
}
