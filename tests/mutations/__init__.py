"""Recordings with known times, and what can be done to their text and sound with the times still known.

    talk = sources.demo()
    harder = noise.with_noise(text.delete_lines(talk, [3, 4]), snr_db=5)
    outcome = judge(harder, align(harder.audio(), harder.transcript()))

A mutation is a pure function from a recording to another one; the same arguments give the same bytes. One
file is one idea: `text`, `annotations`, `paraphrase` and `fillers` change what is written; `cuts`, `repeats`,
`pauses`, `noise`, `telephone`, `music` and `speed` what is heard. `judging` holds a result against the truth.
"""
