"""Which further documents answer a question as well as the file it stands in: knowledge/judgements.tsv, for measuring only."""

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import KnowledgeError
from assistant.files import read_text


def read_judgements(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Question → ids of further documents (`topic/…`). A line is a question, a tab and ids divided by commas; `#` begins a remark.

    No file is no judgement. Raises KnowledgeError naming the line.
    """
    judged: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(read_text(path).splitlines() if path.is_file() else (), 1):
        if not line.strip() or line.startswith("#"):
            continue
        question, tab, rest = line.partition("\t")
        ids = tuple(filter(None, (id.strip() for id in rest.split(","))))
        if not tab or not question.strip() or not ids:
            raise KnowledgeError(f"知识文件 {path.name} 第{number}行应是「问句、制表符、逗号隔开的文档编号」。")
        if question in judged:
            raise KnowledgeError(f"知识文件 {path.name} 第{number}行的「{question}」写了两次，请并成一行。")
        judged[question] = ids
    return judged
