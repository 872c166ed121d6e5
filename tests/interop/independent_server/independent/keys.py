"""RSA keys of the server. They were made for these tests and guard nothing."""

from __future__ import annotations

from independent.rsakey import RsaKey

KEYS = [
    RsaKey(
        int(
            "c0eb3cc8fe999e500da6f8e2032f9bba714d24a70427dbc446d4308cb72a19541ee0fdce6c3cf78d007334af37fd76a8"
            "c2b8121859ccc109b6f3bcbcbf1117f1d27cf9e002da785d8e631c67f5fd87aff85caa774693279b89b617bcd7ed4698"
            "a2b1fda7aa624144a871892188eb44b239af32b368647d76759b5cbc47951743",
            16,
        ),
        int(
            "c16fe9d07a677a0be8a1280e9bc137736046fd50ed1403e20ca716512eefd5d449ce6ded4b7100d3ec02bfcc626511d5"
            "b70501754b240ac125c96941a2ade3c05ed3859252c9eae3cdabde7dd0b14f9dbb87964b98cbfe8da5cde07840cbf24a"
            "944ff8376a3d976002bf4324fe9ff5ba5929e1bd43829a5511727a5e7bb423d7",
            16,
        ),
    ),
    RsaKey(
        int(
            "c0a39add37cf5736680bac9bd3445ec4a00391a71c9ebfeb05feac3565d2c0f20de4946a97d4e8df999dc1162e1fe242"
            "62c3d8c55e406c579cd03a24dc8312a72d4e1b205f7af5077de1d60330a839ece936a6288327a43c9cf04d379ff30b65"
            "6a58cebaf2c786cb08794825f048c8dcb6e955b4ddbee72deecc004f469c1f21",
            16,
        ),
        int(
            "d6a26a23d9938c69677804023ea44eb95fecdae87a5109255f24b0a23c8da0c495d0e46b95889f926a488294761788af"
            "2e8b68d9028af091c0dbe1b474913b063923df9438e6349d11d2bad1e656e581aaf485adb202e4cf66fada05c620c48f"
            "b35fa9289d5710c6ea3509313ffbfe91eb1f6f975afaec5df6547b1996404f0d",
            16,
        ),
    ),
    RsaKey(
        int(
            "fd25c65c7b7d6961fd7368b566904a1cab456ad0633b46bd33066f33a0f6d5e60a75c0c930bc24e7fc7a2a0c66d76675"
            "ee89bc42c0b2c134fae1988fe9f62248f75edf466bb37edb308c2be99fbcf2e5aac0d5020225119693bf579d839bfa4d"
            "0ae2e355a0733ced34eae4b3d1cbad7ab73502d1e198ec948d3fa1d9d2f18897",
            16,
        ),
        int(
            "de6338c981bd9ad02bbd5dd6e7fbeaad01dd2f0eb6e0ca5a41753d85552c2b3cff2e183136c9b2674d5f38eacd6be7d9"
            "2da3712b514b68ec0b9ac2d1e10f99c4c3fe4b32f12b749b9083421c11806b6a670b24f52ea363f2f2f13b81c3553b76"
            "89f0fcd50219eeecb590844d00b9e3b9186661ca564c8356d8dc1f5befefe79b",
            16,
        ),
    ),
]
