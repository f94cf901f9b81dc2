"""The browser, the decoder that the aligner uses and the file agree on time zero."""

from pathlib import Path

import numpy as np
import pytest

from alignment.audio import read_audio
from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_tones, make_transcript

ONSETS = """async (url) => {
    const data = await (await fetch(url)).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(data);
    const samples = decoded.getChannelData(0);
    const onsets = [];
    for (let at = 0; at < samples.length; at++) {
        if (Math.abs(samples[at]) < 0.2) continue;
        onsets.push(at / decoded.sampleRate);
        at += decoded.sampleRate / 4;
    }
    return onsets;
}"""

HEARD = """() => new Promise((resolve) => {
    const audio = document.querySelector("audio");
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 256 });
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    const samples = new Float32Array(256);
    const heard = [];
    let quiet = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
        analyser.getFloatTimeDomainData(samples);
        const loud = samples.some((sample) => Math.abs(sample) > 0.1);
        if (loud && quiet) heard.push(audio.currentTime);
        quiet = !loud;
        if (heard.length >= 4) resolve(heard); else channel.port2.postMessage(0);
    };
    context.resume().then(() => audio.play()).then(() => channel.port2.postMessage(0));
})"""


@pytest.fixture(scope="module", params=["m4a", "opus"])
def clicks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AudioClip:
    path: Path = tmp_path_factory.mktemp("clicks") / f"clicks.{request.param}"
    return make_tones(path, duration_s=12, every_s=0.61)


def test_decoders_agree_on_time_zero(listener: Listener, server: PlayerServer, clicks: AudioClip) -> None:
    name = f"clicks-{clicks.path.suffix[1:]}"
    server.add(name, make_transcript(6), clicks)
    listener.open(name)
    in_browser = listener.evaluate(ONSETS, f"/episodes/{name}/audio")
    audio = read_audio(clicks.path)
    loud = np.flatnonzero(np.abs(audio.samples[:].astype(np.float32)) > 0.2 * 32768) / 16_000
    for_the_aligner = loud[np.flatnonzero(np.diff(loud, prepend=-1) > 0.25)]

    assert np.allclose(in_browser, clicks.onsets_s, atol=0.003)
    assert np.allclose(for_the_aligner, clicks.onsets_s, atol=0.003)
    assert listener.evaluate("document.querySelector('audio').duration") == pytest.approx(12, abs=0.05)


def test_what_is_heard_is_where_the_position_says(
    listener: Listener, server: PlayerServer, clicks: AudioClip
) -> None:
    name = f"heard-{clicks.path.suffix[1:]}"
    server.add(name, make_transcript(6), clicks)
    listener.open(name)
    listener.evaluate("document.querySelector('audio').currentTime = 2.0")
    heard = np.array(listener.evaluate(HEARD))
    onsets = np.array(clicks.onsets_s)
    late = [heard_at - onsets[np.argmin(np.abs(onsets - heard_at))] for heard_at in heard]
    # A busy machine looks late, never early: the promptest look tells. A run-in of AAC not dropped is 21 ms.
    assert -0.003 < min(late) < 0.012
