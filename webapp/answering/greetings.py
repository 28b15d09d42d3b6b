"""Hello, thanks and goodbye in other languages than English: whole remarks, nothing else."""

from __future__ import annotations

import unicodedata

_PHRASES = {
    "greeting": """hola|buenos días|buenas tardes|buenas noches|buenas|qué tal|bonjour|bonsoir|salut|coucou|guten tag
        |guten morgen|guten abend|grüß gott|servus|moin|hallo zusammen|привет|здравствуйте|здравствуй|добрый день
        |доброе утро|добрый вечер|नमस्ते|नमस्कार|हैलो|हाय|प्रणाम|مرحبا|أهلا|اهلا|أهلا وسهلا|السلام عليكم|صباح الخير
        |مساء الخير|你好|您好|大家好|早上好|下午好|晚上好|嗨|ciao|buongiorno|olá|bom dia""",
    "thanks": """gracias|muchas gracias|mil gracias|merci|merci beaucoup|danke|vielen dank|danke schön|dankeschön
        |danke sehr|спасибо|большое спасибо|благодарю|धन्यवाद|शुक्रिया|बहुत धन्यवाद|बहुत बहुत धन्यवाद|شكرا|شكرا لك
        |شكرا جزيلا|谢谢|多谢|谢谢你|谢谢您|非常感谢|grazie|obrigado|obrigada""",
    "goodbye": """adiós|hasta luego|hasta pronto|chao|au revoir|à bientôt|bonne journée|tschüss|auf wiedersehen|tschüs
        |до свидания|пока|всего доброго|अलविदा|फिर मिलेंगे|مع السلامة|إلى اللقاء|وداعا|再见|拜拜|回头见|arrivederci""",
}


def _plain(text: str) -> str:
    """Return a text case-folded, without marks above letters, signs and needless space."""
    if text.isascii():
        return " ".join(text.lower().translate(_SIGNS).split())
    bare = (char for char in unicodedata.normalize("NFD", text.casefold()) if _is_plain(char))
    return " ".join("".join(bare).split())


def _is_plain(char: str) -> bool:
    return unicodedata.category(char)[0] in "LZN"


_SIGNS = dict.fromkeys(code for code in range(128) if not _is_plain(chr(code)))


_KNOWN = {_plain(phrase): kind for kind, listed in _PHRASES.items() for phrase in listed.split("|")}
_LONGEST_CHARS = 60


def greeting_kind(text: str) -> str | None:
    """Return ``greeting``, ``thanks`` or ``goodbye`` for a remark that is nothing else, or None."""
    return _KNOWN.get(_plain(text)) if len(text) <= _LONGEST_CHARS else None
