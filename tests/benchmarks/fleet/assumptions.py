"""What is assumed, not measured, each with where it is from. Prices in US dollars, of 2026 or before."""

from dataclasses import dataclass

__all__ = ["ASSUMPTIONS", "Assumed"]


@dataclass(frozen=True, slots=True)
class Assumed:
    """what: in words. value, unit. source: an address, or why somebody may believe it."""

    what: str
    value: float
    unit: str
    source: str


ASSUMPTIONS = {
    "show": Assumed("recordings of a feed", 100, "", "a guess; matters where feeds come one by one"),
    "hosts": Assumed(
        "hosts of podcasts", 50, "", "a guess; the n-th has 1/n of the shows of the first, so that has 22 %"
    ),
    "fetched": Assumed("fetched sound", 57.6, "MB an hour", "128 kbit/s, usual for podcasts"),
    "connection": Assumed("one connection to a host", 10, "MB/s", "a guess"),
    "at_a_time": Assumed("fetches from one host at a time", 2, "", "as `alignment batch` does"),
    "pause": Assumed("between two fetches from one host", 1, "s", "as `alignment batch` does"),
    "fetch_fails": Assumed("fetches that fail and go well later", 1, "%", "a guess"),
    "departing": Assumed(
        "recordings whose text departs from what is said", 50, "%", "a guess; these cost as talking-book does"
    ),
    "spread": Assumed("spread of machines' speeds", 10, "%", "a guess"),
    "slow": Assumed("machines that are three times slower", 5, "%", "a guess"),
    "lost": Assumed(
        "workers lost", 0.05, "an hour",
        "harsh: a preemptible machine lives 24 h at most, "
        "https://docs.cloud.google.com/compute/docs/instances/create-use-preemptible; "
        "under 5 % a month is reported of spot machines, https://www.nops.io/blog/aws-spot-facts/",
    ),
    "replaced": Assumed("until another machine is up in its place", 120, "s", "a guess"),
    "request": Assumed(
        "one request to a store", 0.1, "s",
        "100 to 200 ms are said of S3, https://www.lucaraveri.com/blog/24aaba6f-88fe-80a5-8732-d268fba97ace",
    ),
    "upload": Assumed("to the store", 50, "MB/s a worker", "a guess"),
    "dask": Assumed(
        "a Dask scheduler's time for a task", 0.001, "s", "https://distributed.dask.org/en/latest/"
    ),
    "store_puts": Assumed(
        "PUT, COPY, DELETE under one prefix", 3500, "a second",
        "https://repost.aws/knowledge-center/s3-object-key-naming-pattern",
    ),
    "store_gets": Assumed("GET, HEAD, LIST under one prefix", 5500, "a second", "the same"),
    "vcpu": Assumed(
        "virtual core on demand", 0.0425, "$ an hour",
        "c5.2xlarge, 0.34 for 8, "
        "https://docs.amazonaws.cn/en_us/autoscaling/ec2/userguide/weights-spot-price-per-unit-hour-example.html",
    ),
    "vcpu_spot": Assumed(
        "virtual core that may be taken away", 0.0225, "$ an hour", "0.18 for 8, the same page"
    ),
    "gpu": Assumed(
        "4 virtual cores with an NVIDIA T4", 0.526, "$ an hour", "g4dn.xlarge on demand, as widely quoted"
    ),
    "gpu_spot": Assumed(
        "the same where it may be taken away", 0.16, "$ an hour",
        "https://gist.github.com/mludvig/31bf845061aa9d56d5de04707518fe6c",
    ),
    "gpu_large": Assumed(
        "sound that faster-whisper hears with large-v2 on a V100S", 780 / 54, "s a second",
        "13 min in 54 s, README of github.com/SYSTRAN/faster-whisper at 00cc7e1",
    ),
    "base_faster": Assumed(
        "how much faster base is than large on a GPU", 7, "times",
        "README of github.com/openai/whisper at 0033c7f, an A100",
    ),
    "heard": Assumed(
        "share of the sound that is heard where the text is as said", 25, "%",
        "every fourth window (CONTRIBUTING.md); all of it where the text departs, the most there can be",
    ),
    "storage": Assumed("storage", 0.023, "$ a GB and month", "https://devnotes.tech/understanding-aws-s3-pricing-a-complete-cost-breakdown-with-examples"),
    "put_price": Assumed("PUT, LIST", 0.005, "$ for 1,000", "the same"),
    "get_price": Assumed("GET, HEAD", 0.0004, "$ for 1,000", "the same"),
    "egress": Assumed("bytes that leave the store for listeners", 0.09, "$ a GB", "the same"),
    "ledger": Assumed("a line of the ledger", 400, "bytes", "its fields, counted"),
    "per_look": Assumed(
        "a look at an episode's folder", 6.6e-6, "s", "66 ms for 10,000, results/2026-11-26-library.md"
    ),
    "index_cpu": Assumed(
        "to index an episode of 1,000 lines", 0.014, "processor s", "140.5 s for 10,000, the same"
    ),
    "search": Assumed(
        "the slowest of 20 searches, for each episode", 3.6e-6, "s",
        "36 ms for 10,000, the same; longer in proportion",
    ),
}  # fmt: skip
