"""Build linux_man.txt and linux_man.LICENSE.txt from the Linux manual pages of Debian.

What: 637 manual pages as a reader of `man` sees them, in one plain ASCII text.
From: the Debian packages manpages and manpages-dev, version 6.03-2. Obtain them with
    apt-get download manpages=6.03-2 manpages-dev=6.03-2
Needs: Python 3.11 or later and mandoc 1.14.6 (Debian package mandoc). Nothing else.
Run: python build_linux_man.py manpages_6.03-2_all.deb manpages-dev_6.03-2_all.deb
     or python build_linux_man.py FOLDER, where FOLDER holds both packages unpacked (dpkg-deb -x).

How:
1. Take the regular files man<section>/*.gz whose every SPDX-License-Identifier is exactly
   Linux-man-pages-copyleft. Leave out bpf-helpers.7, which is 210 kB of generated text.
2. Render each with `mandoc -mman -Tascii -Owidth=72,indent=4`. Remove overstrikes, expand tabs, cut
   trailing blanks, fold three or more newlines to two, cut newlines at both ends.
3. Sort by the sha256 of the file name without .gz (such as open.2). Join with three newlines, end with one.
4. Compare the sha256 of the text with SHA256. Write nothing if it differs.
"""

import argparse
import gzip
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

SHA256 = "bc9a560628850d4d32a2cda32274e6179b017af642935831f89d3af406ed39eb"
LICENCE = "Linux-man-pages-copyleft"
LEFT_OUT = {"bpf-helpers.7"}
PAGE_PATH = re.compile(r"(?:^|/)man[^/]+/([^/]+)\.gz$")
SPDX = re.compile(r"SPDX-License-Identifier:\s*(.*?)\s*$", re.MULTILINE)
COMMENT = re.compile(r"^\.?\\\" ?(.*)$")
MANDOC = ["mandoc", "-mman", "-Tascii", "-Owidth=72,indent=4"]

NOTICE = """\
Permission is granted to make and distribute verbatim copies of this manual
provided the copyright notice and this permission notice are preserved on all
copies.

Permission is granted to copy and distribute modified versions of this manual
under the conditions for verbatim copying, provided that the entire resulting
derived work is distributed under the terms of a permission notice identical
to this one.

Since the Linux kernel and libraries are constantly changing, this manual page
may be incorrect or out-of-date.  The author(s) assume no responsibility for
errors or omissions, or for damages resulting from the use of the information
contained herein.  The author(s) may not have taken the same level of care in
the production of this manual, which is licensed free of charge, as they might
when working professionally.

Formatted or processed versions of this manual, if unaccompanied by the source,
must acknowledge the copyright and authors of this work."""

LICENCE_HEAD = """\
linux_man.txt: licence, changes and authors

linux_man.txt is a modified version of {count} pages of the Linux man-pages project, release 6.03.
Its licence is Linux-man-pages-copyleft (SPDX name), the licence of every one of these pages. The licence of
the program beside it does not apply to it.

1. The permission notice

{notice}

2. What was modified

The pages come from the Debian packages manpages 6.03-2 and manpages-dev 6.03-2. Each page was rendered to plain
ASCII text with mandoc 1.14.6. Overstrikes were removed, tabs expanded, trailing blanks cut and runs of empty lines
shortened. The pages were then joined into one file, in the order of the sha256 of their names. The words of the pages
were not changed. The comments of the page sources do not show in the rendered text. Those with the copyright notices
are given in part 3.

3. The pages, their copyright notices and their authors

Under each file name stand the comments that precede the title in the source of the page. One page, uri.7, says that
some of its fragments come from standards of the Internet Society. The notice for those fragments is given there too.
"""


def deb_pages(deb: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name without .gz and the source of each page in a .deb file, which is an ar archive."""
    archive = io.BytesIO(deb.read_bytes())
    if archive.read(8) != b"!<arch>\n":
        sys.exit(f"{deb} is not a .deb file")
    while header := archive.read(60):
        size = int(header[48:58])
        member = archive.read(size + size % 2)
        if not header.startswith(b"data.tar"):
            continue
        with tarfile.open(fileobj=io.BytesIO(member)) as tar:
            for entry in tar:
                match = PAGE_PATH.search(entry.name)
                content = tar.extractfile(entry) if match and entry.isreg() else None
                if match and content:
                    yield match[1], gzip.decompress(content.read())


def folder_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name without .gz and the source of each page below a folder."""
    for path in folder.rglob("*.gz"):
        match = PAGE_PATH.search(path.as_posix())
        if match and path.is_file() and not path.is_symlink():
            yield match[1], gzip.decompress(path.read_bytes())


def wanted(name: str, source: str) -> bool:
    """Tell whether the page carries the one licence and no other."""
    return name not in LEFT_OUT and set(SPDX.findall(source)) == {LICENCE}


def read_pages(inputs: list[Path]) -> dict[str, str]:
    """Read the wanted pages of all inputs, by name."""
    pages: dict[str, str] = {}
    for item in inputs:
        for name, raw in folder_pages(item) if item.is_dir() else deb_pages(item):
            source = raw.decode("utf-8")
            if wanted(name, source):
                pages[name] = source
    return pages


def render(source: str) -> str:
    """Render one page to plain text."""
    done = subprocess.run(MANDOC, input=source.encode("utf-8"), capture_output=True, check=True)
    text = re.sub(r".\x08", "", done.stdout.decode("ascii")).expandtabs()
    text = re.sub(r" +$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def join_pages(pages: dict[str, str]) -> str:
    """Render all pages and join them in the order of the sha256 of their names."""
    order = sorted(pages, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return "\n\n\n".join(render(pages[name]) for name in order) + "\n"


def notices(source: str) -> str:
    """Give the comments before the title of a page, indented, without the comment marks."""
    header = re.split(r"^\.TH ", source, maxsplit=1, flags=re.MULTILINE)[0]
    found = [match[1].rstrip() for line in header.splitlines() if (match := COMMENT.match(line))]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(found)).strip("\n")
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)


def licence_text(pages: dict[str, str]) -> str:
    """Write the licence file: permission notice, changes, and the notices of every page by name."""
    parts = [LICENCE_HEAD.format(count=len(pages), notice=NOTICE)]
    parts += [f"{name}\n\n{notices(pages[name])}\n" for name in sorted(pages)]
    return "\n".join(parts)


def main() -> None:
    """Build both files, or stop with one line that says why not."""
    parser = argparse.ArgumentParser(description="Build linux_man.txt and linux_man.LICENSE.txt.")
    parser.add_argument("inputs", nargs="+", type=Path, help="both .deb files, or a folder with both unpacked")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    args = parser.parse_args()
    if not shutil.which("mandoc"):
        sys.exit("mandoc not found: install the Debian package mandoc")
    if missing := [str(path) for path in args.inputs if not path.exists()]:
        sys.exit(f"not found: {', '.join(missing)}")
    pages = read_pages(args.inputs)
    text = join_pages(pages).encode("ascii")
    digest = hashlib.sha256(text).hexdigest()
    if digest != SHA256:
        sys.exit(f"linux_man.txt not written: sha256 is {digest}, not {SHA256} ({len(pages)} pages, 637 expected)")
    (args.out / "linux_man.txt").write_bytes(text)
    (args.out / "linux_man.LICENSE.txt").write_bytes(licence_text(pages).encode("utf-8"))
    print(f"linux_man.txt: {len(pages)} pages, {len(text)} bytes, sha256 as expected")


if __name__ == "__main__":
    main()
