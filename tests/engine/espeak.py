"""Texts in other languages, and espeak-ng to speak them: each line alone, so that its times are known."""

import shutil
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from alignment.audio import SAMPLE_RATE, Audio, Span
from tests.engine.sounds import Samples, digital_silence, recording, room

ESPEAK = shutil.which("espeak-ng")
requires_espeak = pytest.mark.skipif(not ESPEAK, reason="espeak-ng is not installed")

PAUSE = 0.7
"""Seconds between two lines."""

_WORDS_PER_MINUTE = "140"

_VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us", "fr": "fr-fr", "pt": "pt"}

TEXTS: dict[str, list[str]] = {
    "de": [
        "Der alte Fischer wohnt direkt am Fluss.",
        "Meine Schwester liest jeden Abend ein Buch.",
        "Wer hat heute Morgen das Fenster geöffnet?",
        "Morgen fahren wir mit dem Zug ans Meer.",
    ],
    "es": [
        "El gato duerme encima del tejado rojo.",
        "Mi abuela cuenta historias muy antiguas.",
        "¿Quién ha dejado abierta la ventana?",
        "Esta noche vamos a cenar pescado.",
    ],
    "pt": [
        "O menino correu pela praia vazia.",
        "A minha irmã trabalha numa padaria.",
        "Amanhã vamos visitar os nossos amigos.",
        "O comboio chegou atrasado outra vez.",
    ],
    "it": [
        "La nave lascia il porto prima di sera.",
        "Mio fratello suona il violino ogni giorno.",
        "Chi ha mangiato tutto il formaggio?",
        "Domani mattina andiamo in montagna.",
    ],
    "nl": [
        "De oude molen draait langzaam in de wind.",
        "Mijn buurvrouw bakt elke zondag een appeltaart.",
        "Waar heb je de sleutels neergelegd?",
        "Morgen gaan we met de fiets naar school.",
    ],
    "pl": [
        "Stary zegar stoi na półce w kuchni.",
        "Moja siostra uczy się grać na gitarze.",
        "Dlaczego nikt nie otworzył drzwi?",
        "Jutro pojedziemy pociągiem nad morze.",
    ],
    "ru": [
        "Старый рыбак живёт у самой реки.",
        "Моя бабушка печёт пироги с яблоками.",
        "Почему никто не закрыл окно?",
        "Завтра утром мы поедем в деревню.",
    ],
    "ar": [
        "يسكن الصياد القديم قرب النهر.",
        "تقرأ أختي كتابا جديدا كل أسبوع.",
        "من فتح باب البيت في الليل؟",
        "غدا نذهب معا إلى السوق الكبير.",
    ],
    "hi": [
        "बूढ़ा माली हर सुबह बगीचे में आता है।",
        "मेरी बहन को पुरानी कहानियाँ पसंद हैं।",
        "दरवाज़ा किसने खुला छोड़ दिया?",
        "कल हम नदी के किनारे घूमने जाएँगे।",
    ],
    "zh": [
        "老人每天早上去公园散步。",
        "我妹妹喜欢听古老的故事。",
        "是谁打开了这扇门？",
        "明天我们坐火车去看大海。",
    ],
    "ja": [
        "おじいさんは まいあさ こうえんを あるきます。",
        "いもうとは ふるい おはなしが すきです。",
        "だれが まどを あけたのですか。",
        "あしたは でんしゃで うみへ いきます。",
    ],
    "ko": [
        "할아버지는 아침마다 공원을 걷습니다.",
        "제 동생은 오래된 이야기를 좋아합니다.",
        "누가 창문을 열어 두었습니까?",
        "내일 우리는 기차를 타고 바다에 갑니다.",
    ],
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Spoken:
    """A text read aloud. lines: where each line begins and ends in the audio, seconds."""

    audio: Audio
    lines: list[Span]


def speak(lines: list[str], language: str, folder: Path, *others: str) -> Spoken:
    """Read the lines one after the other with a pause between. others: a language per line, where mixed."""
    pause = digital_silence(PAUSE)
    parts, spans, at = [pause], [], PAUSE
    for number, line in enumerate(lines):
        sound = _spoken(line, others[number] if others else language, folder / f"{number}.wav")
        length = len(sound) / SAMPLE_RATE
        parts += [sound, pause]
        spans.append(Span(at, at + length))
        at += length + PAUSE
    samples = np.concatenate(parts)
    return Spoken(recording(samples + room(len(samples) / SAMPLE_RATE)), spans)


def _spoken(text: str, language: str, file: Path) -> Samples:
    """The samples of one line from its first sound to its last."""
    voice = _VOICES.get(language, language)
    subprocess.run([ESPEAK, "-v", voice, "-s", _WORDS_PER_MINUTE, "-w", str(file), text], check=True)
    with wave.open(str(file)) as opened:
        rate = opened.getframerate()
        samples = np.frombuffer(opened.readframes(opened.getnframes()), np.int16) / 32768
    moments = np.arange(0, len(samples) / rate, 1 / SAMPLE_RATE)
    samples = np.interp(moments, np.arange(len(samples)) / rate, samples)
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    return samples[loud[0] : loud[-1] + 1]
