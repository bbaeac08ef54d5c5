"""A terminal without a card reader: types the numbers of a document in and shows the answer.

It opens the terminal's stream (docs/api.md), as a terminal does for a whole day, sends one look-up and ends.
"""
import argparse
import queue
import secrets
import sys
import threading
from datetime import datetime

import grpc

from eligibility.v1 import answer_pb2, look_up_pb2, terminals_pb2, terminals_pb2_grpc

ANSWER_WITHIN_SECONDS = 30


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", required=True, metavar="HOST:PORT")
    parser.add_argument("--trust", required=True, help="certificate of the authority that issued the gateway's (PEM)")
    parser.add_argument("--certificate", required=True, help="the terminal's certificate (PEM)")
    parser.add_argument("--key", required=True, help="its key (PEM)")
    parser.add_argument("--insurer", required=True, help="保険者番号")
    parser.add_argument("--symbol", default="", help="記号")
    parser.add_argument("--number", required=True, help="番号")
    parser.add_argument("--branch", default="", help="枝番")
    parser.add_argument("--birth-date", required=True, metavar="yyyy-MM-dd", help="生年月日")
    parser.add_argument("--lang", choices=("ja", "en"), default="ja")
    return parser.parse_args()


def channel_to(gateway, trust, certificate, key):
    def read(path):
        with open(path, "rb") as file:
            return file.read()

    # Both sides show a certificate: the terminal is whom its own one names.
    return grpc.secure_channel(gateway, grpc.ssl_channel_credentials(read(trust), read(key), read(certificate)))


def event_id(gateway_time):
    """A UUID of version 7 (RFC 9562), which carries the time. The gateway's, so that a clock that is off here does no harm."""
    moment = datetime.fromisoformat(gateway_time[:19] + "+00:00")
    digits = f"{int(moment.timestamp() * 1000):012x}7{secrets.randbits(12):03x}{0b10 << 62 | secrets.randbits(62):016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def look_up_of(asked, gateway_time):
    return look_up_pb2.LookUp(
        event_id=event_id(gateway_time),
        purpose=look_up_pb2.PURPOSE_CARE,
        document=look_up_pb2.DocumentTyped(
            kind=look_up_pb2.DOCUMENT_KIND_ELIGIBILITY_CERTIFICATE,
            insurer_number=asked.insurer,
            symbol=asked.symbol,
            number=asked.number,
            branch=asked.branch,
            birth_date=asked.birth_date,
        ),
        consents=[look_up_pb2.Consent(subject=look_up_pb2.CONSENT_SUBJECT_LIMIT, given=True)],
    )


def lines_of_remedy(remedy, lang):
    return [getattr(text, lang) for text in (remedy.what, remedy.desk_does, remedy.by_when)]


def lines_of_answer(answer, lang):
    yield f"{answer_pb2.Validity.Name(answer.validity)} {answer.service_date}"
    for coverage in answer.coverages:
        yield f"{coverage.insurer_name} {coverage.insurer_number}"
    # 0 means that the share is not known, never that nothing is paid.
    if answer.burden_percent:
        yield f"{answer.burden_percent} %"
    if answer.HasField("limit"):
        yield f"{answer.limit.code} {answer.limit.label}"
    if answer.HasField("remedy"):
        yield from lines_of_remedy(answer.remedy, lang)
    for notice in answer.notices:
        yield getattr(notice.text, lang)
    if not answer.freshness.proved:
        yield "未確認" if lang == "ja" else "not proved"


def ask(stub, asked):
    """Yields the lines to show; what to send goes through a queue, since the stream is open in both directions at once."""
    outbox = queue.SimpleQueue()
    outbox.put(terminals_pb2.TerminalMessage(hello=terminals_pb2.Hello(agent="sample in Python")))
    look_up = None
    for message in stub.Connect(iter(outbox.get, None), timeout=ANSWER_WITHIN_SECONDS):
        kind = message.WhichOneof("message")
        if kind == "welcome":
            yield f"{message.welcome.institution_code} {message.welcome.terminal_name}"
            look_up = terminals_pb2.TerminalMessage(look_up=look_up_of(asked, message.welcome.gateway_time))
            outbox.put(look_up)
        elif kind == "busy":
            # The same event again, and not a new one: what was recorded meanwhile is answered then.
            threading.Timer(message.busy.retry_after.ToTimedelta().total_seconds(), outbox.put, [look_up]).start()
        elif kind in ("answer", "refusal", "problem"):
            outbox.put(None)
            if kind == "answer":
                yield from lines_of_answer(message.answer, asked.lang)
            elif kind == "refusal":
                yield from lines_of_remedy(message.refusal.remedy, asked.lang)
            else:
                raise SystemExit(f"The gateway can't read the look-up: {message.problem.status.message}")
        # A challenge is for cards; after drain the answer still comes here.


def main():
    asked = arguments()
    with channel_to(asked.gateway, asked.trust, asked.certificate, asked.key) as channel:
        try:
            for line in ask(terminals_pb2_grpc.TerminalsStub(channel), asked):
                print(line)
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
