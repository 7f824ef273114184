"""The words of the page itself, in Chinese and English. Answers stay in the language of the knowledge."""

from dataclasses import dataclass
from typing import Literal

from assistant.web.contract import AUDIENCES

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """One language of the interface."""

    language: Language
    html_lang: str
    title: str
    tagline: str
    role: str
    audiences: tuple[str, str, str, str]
    """in the order of AUDIENCES"""
    new_chat: str
    other_language: str
    other_language_label: str
    theme: str
    hello: tuple[str, ...]
    promise: str
    start: str
    marks: str
    mark_help: tuple[str, str, str]
    high: str
    calc: str
    open: str
    single: str
    agreed: str
    conflict: str
    own: str
    question: str
    placeholder: str
    send: str
    stop: str
    checked: str
    talk: str
    how: str
    recompute: str
    stale: str
    ask_again: str
    rules: str
    ended: str
    acts: str
    sources: str
    next: str
    paper: str
    preview: str
    take_word: str
    take_markdown: str
    taken: str
    read_from_you: str
    calculate: str
    check_figures: str
    copy: str
    copied: str
    again: str
    good: str
    bad: str
    thanks: str
    direct_calculation: str
    direct_answer: str
    direct_quote: str
    worded: str
    writing: str
    waiting: str
    working: str
    stopped: str
    failed: str
    unreachable: str
    not_sent: str

    def audience(self, name: str) -> str:
        """What an audience is called."""
        return self.audiences[AUDIENCES.index(name)]


ZH = Words(
    language="zh",
    html_lang="zh-CN",
    title="售后参谋",
    tagline="给商家、4S店、车主和快递网点的售后问答",
    role="我是",
    audiences=("商家", "4S店", "车主", "网点"),
    new_chat="清空，开始新对话",
    other_language="EN",
    other_language_label="Switch the interface to English",
    theme="切换深色",
    hello=("报上你的数，", "先看结果，", "再看依据。"),
    promise="数字由公式算出，规则带生效日期，每条都能点开原句。查不到依据的，会直接告诉你。",
    start="开始",
    marks="答案里的三种标记",
    mark_help=("官方文本，或两处以上说法一致", "由规则和你给的数算出来", "来源单薄或互相冲突，会告诉你去哪核对"),
    high="规则原文",
    calc="推算",
    open="待核实",
    single="单一来源",
    agreed="官方或多处一致",
    conflict="说法不一",
    own="自有资料",
    question="你的问题",
    placeholder="报上数字，直接问",
    send="发送",
    stop="停止",
    checked="规则库核对至 {day}。平台规则以商家后台当日口径为准。",
    talk="对话",
    how="怎么算的",
    recompute="改任一数字，结果随之重算。",
    stale="数字改过了，文字部分还是按原来的数写的。",
    ask_again="按新数重新回答",
    rules="现在看哪条规则",
    ended="已停用",
    acts="接下来做什么",
    sources="依据",
    next="接着问",
    paper="可下载的文书",
    preview="预览全文",
    take_word="下载 Word",
    take_markdown="下载 Markdown",
    taken="已下载",
    read_from_you="从你的话里读到",
    calculate="算一下",
    check_figures="先核对数字",
    copy="复制答案",
    copied="已复制",
    again="重新回答",
    good="有用",
    bad="没用",
    thanks="已记下",
    direct_calculation="由规则库直接计算，未经模型改写",
    direct_answer="由规则库直接回答，未经模型改写",
    direct_quote="照你的资料原文引用，未经模型改写",
    worded="数字和依据来自规则库，文字由模型组织并逐句核对",
    writing="正在组织语言",
    waiting="正在准备索引，好了马上回答",
    working="正在读你的问题",
    stopped="已停止，上面是停止前算出的部分。",
    failed="这次没有答上来，问题已记录，请再问一次。",
    unreachable="连不上服务，请检查网络后再试。",
    not_sent="先写下你的问题再发送。",
)

EN = Words(
    language="en",
    html_lang="en",
    title="售后参谋",
    tagline="After-sales answers for sellers, dealers, car owners and couriers",
    role="I am a",
    audiences=("Seller", "4S dealer", "Car owner", "Courier"),
    new_chat="Clear and start a new conversation",
    other_language="中",
    other_language_label="界面切换为中文",
    theme="Switch dark mode",
    hello=("Give your figures. ", "See the result, ", "then the grounds."),
    promise="Figures come from formulas, rules carry their dates, every source opens at its sentence. "
    "Without grounds you are told so. Ask in Chinese.",
    start="Start",
    marks="Three marks in an answer",
    mark_help=(
        "Official text, or two or more sources agree", "Worked out from the rules and your figures",
        "Thin or conflicting sources; you are told where to check",
    ),
    high="Rule text",
    calc="Derived",
    open="To verify",
    single="single source",
    agreed="official or agreed",
    conflict="sources differ",
    own="your own document",
    question="Your question",
    placeholder="Ask with your figures, in Chinese",
    send="Send",
    stop="Stop",
    checked="Rules checked to {day}. Your merchant console has the last word on platform rules.",
    talk="Conversation",
    how="How it is worked out",
    recompute="Change any figure to see the result again.",
    stale="Figures changed; the text still uses the old ones.",
    ask_again="Answer with the new figures",
    rules="Which rule counts now",
    ended="ended",
    acts="What to do next",
    sources="Sources",
    next="Ask next",
    paper="Paper to take away",
    preview="Preview",
    take_word="Download Word",
    take_markdown="Download Markdown",
    taken="Downloaded",
    read_from_you="read from your words",
    calculate="Work it out",
    check_figures="Check the figures",
    copy="Copy the answer",
    copied="Copied",
    again="Answer again",
    good="Helpful",
    bad="Not helpful",
    thanks="Noted",
    direct_calculation="Calculated from the rules, not rewritten by a model",
    direct_answer="Answered from the rules, not rewritten by a model",
    direct_quote="Quoted from your own document, not rewritten by a model",
    worded="Figures and sources from the rules; worded by a model and checked sentence by sentence",
    writing="Putting it into words",
    waiting="Preparing the index; the answer follows at once",
    working="Reading your question",
    stopped="Stopped. Above is what was ready by then.",
    failed="This was not answered and has been logged. Please ask again.",
    unreachable="The service cannot be reached. Check the connection and try again.",
    not_sent="Write a question first.",
)

WORDS: dict[str, Words] = {"zh": ZH, "en": EN}
