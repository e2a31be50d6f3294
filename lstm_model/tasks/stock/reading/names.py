"""What columns are called, in the languages and by the sources that people have files of."""

import ast
import re
from functools import lru_cache


def _words(text: str) -> list[str]:
    return text.split()


# Spelled as `key` gives them: letters alone, small. Within a group the first that a file has is taken.
DATE = _words("""
    date datetime timestamp time opentime tradedate tradingdate tradingday quotedate pricedate priceasof observationdate
    timeperiod gmttime localtime utctime opendate datestamp begindate asofdate effectivedate period month year day
    unixtime unix unixtimestamp epoch refdate index ts t dt d
    datum zeit zeitpunkt handelstag handelsdatum stichtag börsentag fecha fechas fechahora momento dia data datas
    dataora giorno dataehora dato dates datecotation jour horodatage pvm päivämäärä tarih дата датавремя
    日期 交易日期 时间 時間 日付 取引日 日時 날짜 일자
""")
TIME = _words(
    "time hour timeofday tradetime uhrzeit zeit heure hora ora ore tid godzina saat время 时间 時間 時刻 시간"
)
CLOSE = _words("""
    close closelast adjclose adjustedclose closeadj price last closeprice closingprice closingvalue closingrate pxlast
    lastprice tradeprice lasttradeprice pxclose settle settlement settlementprice closebid bidclose closeask askclose
    midclose closemid nav
    schlusskurs schlußkurs schluss zuletzt letzter letzterkurs schlusspreis kurs schließen rücknahmepreis
    cierre último ultimo preciocierre precio dernier clôture cloture clot cours valeurliquidative vl
    fechamento fecho preço preco chiusura prezzo prezzoufficiale zamknięcie zamkniecie kapanış şimdi slot sluit slutkurs
    закрытие цена 收盘 收盘价 收市价 收盤 收盤價 收市價 終値 終價 종가 现价 最新价
""")
VALUE = _words("obsvalue observation value values rate wert valor valeur valore wartość значение 値 值 c")
FEATURE_NAMES = {
    "Open": _words("""
        open openprice openingprice pxopen openbid bidopen eröffnung eröffn eröffnungskurs erster eröffnungspreis
        apertura apert ouverture ouv ouverturecours abertura aperturaprice otwarcie açılış открытие
        开盘 开盘价 開盤 開盤價 開市 始値 시가
    """),
    "High": _words("""
        high highprice pxhigh dayhigh highbid bidhigh hoch höchst tageshoch höchstkurs höchstpreis máximo maximo máx max
        plushaut haut massimo alto máxima maxima najwyższy najwyzszy yüksek максимум 最高 最高价 最高價 高 高値 고가
    """),
    "Low": _words("""
        low lowprice pxlow daylow lowbid bidlow tief tiefst tagestief tiefstkurs tiefstpreis mínimo minimo mín min
        plusbas bas minimo basso mínima minima najniższy najnizszy düşük минимум 最低 最低价 最低價 低 安値 저가
    """),
    "Volume": _words("""
        volume vol tickvol tickvolume volumes pxvolume volumebtc totalvolume sharestraded volumen stücke stuecke stück
        umsatz volumetotal volumen titres volumi quantità quantidade wolumen hacim объем объём
        成交量 交易量 成交股數 成交股数 出来高 거래량
    """),
}
SYMBOL = _words("""
    symbol ticker tickersymbol tick tic instrument instrumentid security securityname asset pair ric isin wkn cusip
    seriesid seriesname serieskey key paper per stockcode stock scrip indexname currencypair valor wertpapier nombre
    имя тикер 代码 股票代码 證券代號 股票代號 コード 銘柄 종목
""")
ALL = frozenset([*DATE, *TIME, *CLOSE, *VALUE, *SYMBOL, *(name for names in FEATURE_NAMES.values() for name in names)])

_NUMBERED = re.compile(r"^\s*\d+[a-z]?[.)]\s*(?=\D)")  # "4. close", "4a. close"
_UNIT = re.compile(r"[(\[{][^)\]}]*[)\]}]")  # "Close (USD)"


def levels(name: str) -> tuple[str, ...]:
    """The parts of a name of several levels, as pandas writes them: "('Close', 'XMPL')"; else the name alone."""
    text = name.strip()
    if text.startswith("(") and text.endswith(")") and len(text) < 200:
        try:
            parts = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return (text,)
        if isinstance(parts, tuple) and parts and all(isinstance(part, str) for part in parts):
            return tuple(part for part in parts if part) or ("",)
    return (text,)


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """A name as it is compared: small letters alone, without numbers before it, units, stars and brackets."""
    text = levels(name)[0]
    text = text[1:-1] if text[:1] in "<[{" and text[-1:] in ">]}" else text
    bare = _UNIT.sub("", _NUMBERED.sub("", text))
    return "".join(c for c in bare.casefold() if c.isalpha()) or "".join(c for c in text.casefold() if c.isalnum())


def words(name: str) -> list[str]:
    """The words of a name: "AAPL.Close" -> aapl, close."""
    return [part for part in re.split(r"[\W_]+", name.casefold()) if part]


def is_price(name: str) -> bool:
    """Whether a column is called as prices are: "AAPL.Close", "High", "Kurs"."""
    own = {*CLOSE, *FEATURE_NAMES["Open"], *FEATURE_NAMES["High"], *FEATURE_NAMES["Low"]}
    return key(name) in own or not {"close", "price"}.isdisjoint(words(name))


def plain(name: str) -> str:
    """A name as it is shown: without angle brackets, and the first level of several."""
    text = levels(name)[0]
    return text[1:-1] if text.startswith("<") and text.endswith(">") and len(text) > 2 else text
