"""Names have to be proved as numbers have: documents in 《》, laws, words in Latin letters, platforms, who is said to have said something."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.numerals import traditional

_DOCUMENT = re.compile(r"《([^》\n]{1,60})》")
_LAW = re.compile(
    r"(?:依据|根据|按照?|依照|违反|参照|适用|见)了?(?P<name>[\u3400-\u9fff]{1,14}?(?:法典|条例|细则|规范|司法解释|(?<![办方算做说写看用想语疗无违合])法))"
    r"(?=第|的|规定|要求|[，。、；：（(]|$)"
)
_LATIN = re.compile(r"[A-Za-z]{3,}")
_KNOWN_LATIN = frozenset("app excel word pdf".split())
_SAYS = re.compile(
    r"(?P<who>官方|法院|总局|[政管务安理]局|部门|委员会|仲裁委|协会|大队|主任|律师|专家|法官|经理|小二|客服|工作人员)(?:方面|那边)?"
    r"(?:已经|已|也|都|明确|当场|曾经?|公开)*(?P<says>说过?|表示|认为|支持|认可|承认|答应|同意|允许|答复|确认|授权)"
)
_CONTACT = re.compile(r"微信|QQ|qq|密码|验证码|扫码|二维码|转账|汇款|打款给|保证金|加群|私聊|私信|身份证号|银行卡号?|手续费")
_HTML = re.compile(r"<\s*[/!?]?[A-Za-z]")
_DEFINES = re.compile(r"\s*\[[^\]\n]{1,60}\]\s*[:：]")
_CLAUSE = re.compile(r"[^，。；！？!?\n]+")
_SIGNS = str.maketrans(dict.fromkeys("*_`~ \u3000"))


@dataclass(frozen=True)
class Platforms:
    """The platforms there are, by what they are called, and those the answer speaks of."""

    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    here: frozenset[str] = frozenset()

    def strange(self, sentence: str, texts: Iterable[str]) -> str:
        """A platform of a sentence that none of the texts speaks of; empty when there is none."""
        for name, words in self.words.items():
            if name not in self.here and any(word in sentence for word in words) and not any(word in text for text in texts for word in words):
                return name
        return ""


def unnamed(sentence: str, texts: Sequence[str], all: str) -> str:
    """Why a name in a sentence cannot stand; empty when all do. `texts` are what it may rest on, `all` is whatever the model was given."""
    plain = sentence.translate(_SIGNS)
    if _HTML.search(sentence) or _DEFINES.match(sentence):
        return "不是正文"
    for document in _DOCUMENT.finditer(plain):
        if not _stands(document[1], (*texts, all)):
            return f"没有这份文件：{document[0]}"
    for law in _LAW.finditer(plain):
        if not _stands(law["name"], (*texts, all)):
            return f"没有这份文件：{law['name']}"
    for word in _LATIN.findall(sentence):
        if word.lower() not in _KNOWN_LATIN and not any(word.lower() in text.lower() for text in (*texts, all)):
            return f"没有这个名字：{word}"
    for contact in _CONTACT.findall(plain):
        if not _stands(contact, texts):
            return f"叫人做资料里没有的事：{contact}"
    for said in _SAYS.finditer(plain):
        if not any(said["who"] in clause and said["says"] in clause for text in texts for clause in _CLAUSE.findall(text)):
            return f"没有人这样说过：{said[0]}"
    return "不是简体中文" if traditional(sentence) and not any(sentence in text for text in (*texts, all)) else ""


def _stands(name: str, texts: Iterable[str]) -> bool:
    return any(name in text or name in text.translate(_SIGNS) for text in texts)
