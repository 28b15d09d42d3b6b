"""Hello, thanks, what can you do: remarks that ask nothing of the documents get a kind, fixed reply.

A remark is small talk when phrases of one of the lists below and filler words account for every word of it, so that
"hello, when does the museum open" is a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from webapp.answering.greetings import greeting_kind
from webapp.retrieval.analysis import words

REPLIES = {
    "greeting": "Hello! Ask me about the documents here, and I will show you the sentence that answers.",
    "thanks": "You are welcome! Is there anything else you would like to know?",
    "goodbye": "Goodbye, and thank you for stopping by.",
    "wellbeing": "I am ready for your questions, thank you. I answer from the documents here.",
    "identity": "I am Newsstand: I look for the sentence that answers your question and show you where it stands.",
    "ability": "I answer questions from the documents here with their own sentences, word for word. Try one of these:",
    "insult": "I am sorry this did not help. Asking in other words, or with a name or a place, often does.",
    "praise": "Thank you, that is good to hear! What else would you like to know?",
    "assent": "All right. Ask me anything about the documents here.",
}

_PHRASES = {
    "greeting": """hello|hi|hey|hiya|howdy|greetings|yo|hallo|good morning|good afternoon|good evening|good day|morning
        |evening|hi there|hello there|hey there|nice to meet you|pleased to meet you|anybody there|anyone there|sup
        |what is up|whats up
        |welcome""",
    "thanks": """thanks|thank you|thank u|thx|ty|cheers|much appreciated|appreciate it|i appreciate it|many thanks
        |thanks a lot|thanks a million|thanks a bunch|much obliged|ta|that helps|that helped|that was helpful|helpful
        |you have been helpful|very kind""",
    "goodbye": """bye|goodbye|good bye|bye bye|see you|see ya|see you later|cya|farewell|good night|goodnight
        |have a nice day|have a good day|have a good one|take care|i am done|im done|that is all|thats all
        |that will be all|that would be all|until next time|talk to you later|later|i have to go|gotta go""",
    "wellbeing": """how are you|how are you doing|how are things|how is it going|hows it going|how do you do
        |how are u|how do you feel|are you ok|are you okay|are you well|how have you been|how is your day
        |how was your day|hope you are well""",
    "identity": """who are you|what are you|what is your name|whats your name|are you a robot|are you a bot
        |are you human|are you a human|are you real|are you a real person|are you a person|are you an ai|are you ai
        |who made you|who built you|who created you|who programmed you|am i talking to a human
        |am i talking to a robot|am i talking to a bot|am i talking to a person|am i talking to a real person
        |do you have a name|introduce yourself|tell me about yourself|are you chatgpt|what is this""",
    "ability": """what can you do|what do you do|what can i ask|what can i ask you|what can i ask here
        |what can you tell me|what can you help me with|what can you help with|what do you know|how do you work
        |how does this work|how does it work|how do i use this|how can you help|how can you help me|can you help
        |can you help me|could you help me|could you help|help|help me|i need help|i need some help|please help me
        |what is this for|what are you for|what questions can i ask|what topics do you know|what do you know about
        |how can i use this|what are my options|can i ask you something|can i ask you a question|can i ask a question
        |i have a question|what should i ask|what kind of questions can i ask|do you speak english
        |what is this about|what is it about|what is this site about|what is this website about|what is there
        |what topics are there|which topics are there|what topics do you have|what topics can i ask about|what topics
        |what documents do you have|what documents are there|which documents do you have|which documents are there
        |what articles do you have|what articles are there|which articles do you have|which articles are there""",
    "insult": """stupid|idiot|dumb|moron|useless|shut up|you suck|this sucks|you are stupid|you are useless|rubbish
        |you are dumb|you are an idiot|hate you|i hate you|screw you|fuck|fuck you|fuck off|shit|bullshit|crap|damn
        |you are terrible|terrible|awful|worst|you are wrong|go away|piss off|asshole|bastard|bitch|garbage|trash
        |you are annoying|annoying|you know nothing|pathetic|worthless|you are bad|bad bot|not helpful|unhelpful
        |you are no help|no help|waste of time|what a waste of time|rubbish bot|silly|sucks|hopeless|ridiculous""",
    "praise": """good bot|well done|good job|great job|nice work|good work|awesome|brilliant|excellent|perfect
        |amazing|great|wonderful|fantastic|cool|nice|love it|i love you|love you|you are great|you are awesome
        |you are the best|you are amazing|you are smart|you are clever|you are good|that is great|that is good
        |good answer|great answer|impressive|lovely|i like you|super|sweet|clever""",
    "assent": """ok|okay|yes|no|yeah|yep|yup|nope|nah|sure|fine|alright|all right|right|got it|i see|understood
        |never mind|nevermind|no problem|no thanks|no thank you|hmm|hm|oh|ah|wow|lol|haha|really|test|testing
        |sorry|my bad|makes sense|good|you too|same to you|well""",
}

# What stands around such phrases without changing them.
_FILLERS = frozenset(
    """a again all am an and are at be been bot chatbot computer for friend guys dear sir madam everyone everybody folks
    here i in is it its just lot machine man mate me much my newsstand now of oh please pretty quite really robot so
    some such than that the there this thing to today tonight too totally u very was were what you your yours ur with
    absolutely extremely incredibly assistant buddy pal honestly then but one answer answers bloody fucking
    damn""".split()
)

_SPACES = re.compile(r"\s+")


def _known() -> dict[tuple[str, ...], str]:
    phrases: dict[tuple[str, ...], str] = {}
    for kind, listed in _PHRASES.items():
        for phrase in listed.split("|"):
            phrases.setdefault(tuple(_SPACES.sub(" ", phrase).strip().split(" ")), kind)
    return phrases


_KNOWN = _known()
_LONGEST = max(len(phrase) for phrase in _KNOWN)
_REMARKED = _FILLERS.union(*_KNOWN)
# A remark with several kinds of phrase gets the reply of the first of these that it holds.
_PRECEDENCE = ("insult", "ability", "identity", "goodbye", "thanks", "wellbeing", "greeting", "praise", "assent")
_CONTRACTED = {"what's": "what is", "how's": "how is", "who's": "who is", "that's": "that is", "it's": "it is"}
_CONTRACTED |= {"you're": "you are", "i'm": "i am", "you've": "you have", "i've": "i have", "that'll": "that will"}


def smalltalk_kind(text: str) -> str | None:
    """Return which of `REPLIES` fits `text`, or None when it may be a question for the documents."""
    greeting = greeting_kind(text)
    if greeting is not None:
        return greeting
    spoken: list[str] = []
    for word in _plain_words(text):
        spoken += word.split(" ")
        if spoken[-1] not in _REMARKED:
            return None
    if not spoken or len(spoken) > 16:
        return None
    found = set()
    at = 0
    while at < len(spoken):
        for size in range(min(_LONGEST, len(spoken) - at), 0, -1):
            kind = _KNOWN.get(tuple(spoken[at : at + size]))
            if kind is not None:
                found.add(kind)
                at += size
                break
        else:
            if spoken[at] not in _FILLERS:
                return None
            at += 1
    return next((kind for kind in _PRECEDENCE if kind in found), None)


def _plain_words(text: str) -> Iterable[str]:
    plain = text.replace("’", "'")
    for word in words(plain):
        typed = plain[word.span.start : word.span.end].lower()
        yield _CONTRACTED.get(typed, typed)
