"""Build MSFT_1d_data.csv and MSFT_1d_data.LICENSE.txt from the PyPI package bokeh_sampledata.

What: 3,270 trading days of the Microsoft share, 2000-03-01 to 2013-03-01, as Date,Open,High,Low,Close,Volume.
From: the wheel of bokeh_sampledata 2026.1. Earlier releases carry other files. Obtain it with
    pip download --no-deps bokeh_sampledata==2026.1
Needs: Python 3.11 or later. Nothing else.
Run: python build_msft.py bokeh_sampledata-2026.1-py3-none-any.whl

How:
1. Read bokeh_sampledata/_data/stocks.csv.gz in the wheel and keep the rows with Ticker MSFT, in their order.
2. Undo the 2:1 split of 2003-02-18: halve the prices before that day and double the volumes.
3. Write prices as %.4f and volumes as whole numbers. Drop the adjusted close.
4. Compare the sha256 of the table with SHA256. Write nothing if it differs.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

SHA256 = "2ddcfa48822351d551a2145ce9428eacf0481f5f53ac7eba0c9be58127eefae9"
MEMBER = "bokeh_sampledata/_data/stocks.csv.gz"
INVENTORY = "bokeh_sampledata-2026.1.dist-info/licenses/licenses/datasets.json"
SPLIT_DAY = "2003-02-18"
PRICES = ("Open", "High", "Low", "Close")
LICENCE = """\
MSFT_1d_data.csv: provenance and licence

1. Licence

The prices and volumes are in the public domain, as the package they come from declares (part 4): their publisher,
Quandl, declared the series public domain and allowed copying, distribution and inclusion in products. The licence of
the program beside this file does not apply to it. The values come as they are, with no guarantee that they are right.

2. Credit

Quandl WIKI Prices, from the archived copy supplied by marketneutral on Kaggle.
bokeh_sampledata 2026.1 (PyPI), by the Bokeh contributors, who made the extract used here.

3. What was modified

The rows with Ticker MSFT were taken from bokeh_sampledata/_data/stocks.csv.gz of that package. Prices before the 2:1
split of 2003-02-18 were halved and volumes before it doubled. Prices were written with four decimals. The columns
Ticker and Adj Close were dropped. Dividends were not adjusted for.

4. The declaration

This is the entry for the file in licenses/datasets.json of the package, as it stands there. Only its part "replaces"
is left out, which is about an older file.

{entry}

5. The licence of the package

The program code of bokeh_sampledata is under BSD-3-Clause, copyright Bokeh Contributors. Its licenses/README.md says
that datasets other than Bokeh's own "retain their own terms". No code of the package is used here, so that licence
does not apply to this file.
"""


def table(stocks: bytes) -> bytes:
    """Make the table of MSFT from the gzipped table of all stocks."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Date", *PRICES, "Volume"])
    for row in csv.DictReader(io.StringIO(gzip.decompress(stocks).decode("ascii"))):
        if row["Ticker"] == "MSFT":
            ratio = 2 if row["Date"] < SPLIT_DAY else 1
            prices = [f"{float(row[name]) / ratio:.4f}" for name in PRICES]
            writer.writerow([row["Date"], *prices, int(row["Volume"]) * ratio])
    return out.getvalue().encode("ascii")


def declaration(inventory: bytes) -> str:
    """Quote the entry for the stocks from the inventory of the package."""
    entry = next(item for item in json.loads(inventory)["datasets"] if item["module"] == "stocks")
    return json.dumps({key: value for key, value in entry.items() if key != "replaces"}, indent=2, ensure_ascii=False)


def main() -> None:
    """Build both files, or stop with one line that says why not."""
    parser = argparse.ArgumentParser(description="Build MSFT_1d_data.csv and MSFT_1d_data.LICENSE.txt.")
    parser.add_argument("wheel", type=Path, help="the wheel of bokeh_sampledata 2026.1")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    args = parser.parse_args()
    try:
        with zipfile.ZipFile(args.wheel) as wheel:
            data, inventory = table(wheel.read(MEMBER)), wheel.read(INVENTORY)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        sys.exit(f"cannot read {args.wheel} as the wheel of bokeh_sampledata 2026.1: {error}")
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        sys.exit(f"MSFT_1d_data.csv not written: sha256 is {digest}, not {SHA256}")
    (args.out / "MSFT_1d_data.csv").write_bytes(data)
    (args.out / "MSFT_1d_data.LICENSE.txt").write_text(
        LICENCE.format(entry=declaration(inventory)), encoding="utf-8", newline="\n"
    )
    print(f"MSFT_1d_data.csv: {len(data)} bytes, sha256 as expected")


if __name__ == "__main__":
    main()
