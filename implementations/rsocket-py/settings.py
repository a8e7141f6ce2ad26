"""What clients and servers of the library are told alike."""

from datetime import timedelta

from rsocket.lease import SingleLeasePublisher


def common(params):
    """Their options, of the parameters of `connect` and `serve`."""
    options = params["options"]
    given = {}
    if "fragmentSize" in options:
        # The library counts the length that stands before a frame on TCP.
        given["fragment_size_bytes"] = options["fragmentSize"] + (3 if params["binding"] == "tcp" else 0)
    if "leaseRequests" in options:
        given["lease_publisher"] = SingleLeasePublisher(options["leaseRequests"], timer(params, "leaseTtlMs"))
        given["honor_lease"] = True
    return given


def timer(params, name):
    return timedelta(milliseconds=round(params["timers"][name]))
