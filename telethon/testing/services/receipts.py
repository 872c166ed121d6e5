"""payments: receipts, what was filled in before, and links to bills.

Source: https://core.telegram.org/api/payments
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._service import serves
from telethon.testing.world.media import InvoiceMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_BANKS = {"4": "Visa", "5": "Mastercard", "2": "Mir"}


@serves(functions.payments.GetPaymentReceiptRequest)
def get_payment_receipt(
    request: functions.payments.GetPaymentReceiptRequest, call: Call
) -> types.payments._TypePaymentReceipt:
    """What was paid with a message that tells of it."""
    letter = call.letter(call.peer(request.peer), request.msg_id)
    found = call.world.ledger.receipts.get(letter)
    if found is None or letter.sender != call.my_id:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    users, _ = call.split([found.bot])
    media, action = found.media, found.action
    if action.currency == "XTR":
        return types.payments.PaymentReceiptStars(
            letter.date,
            found.bot,
            media.title,
            media.description,
            media.invoice,
            action.currency,
            action.total_amount,
            action.charge.id,
            users,
        )
    return types.payments.PaymentReceipt(
        letter.date,
        found.bot,
        found.bot,
        media.title,
        media.description,
        media.invoice,
        action.currency,
        action.total_amount,
        "Card ending in 4242",
        users,
        info=action.info,
        shipping=found.shipping,
    )


@serves(functions.payments.GetSavedInfoRequest)
def get_saved_info(request: functions.payments.GetSavedInfoRequest, call: Call) -> types.payments.SavedInfo:
    """Name and address as they were filled in before."""
    return types.payments.SavedInfo(saved_info=call.me.settings.get("saved payment info"))


@serves(functions.payments.ClearSavedInfoRequest)
def clear_saved_info(request: functions.payments.ClearSavedInfoRequest, call: Call) -> bool:
    """Forget them."""
    if request.info:
        call.me.settings.pop("saved payment info", None)
    return True


def _is_card(number: str) -> bool:
    """Whether the last digit of a number fits the others, as on all cards."""
    digits = [int(one) for one in number]
    doubled = [one if place % 2 == 0 else one * 2 - 9 * (one > 4) for place, one in enumerate(digits[::-1])]
    return len(digits) >= 12 and sum(doubled) % 10 == 0


@serves(functions.payments.GetBankCardDataRequest)
def get_bank_card_data(request: functions.payments.GetBankCardDataRequest, call: Call) -> types.payments.BankCardData:
    """What kind of card a number belongs to."""
    number = request.number.replace(" ", "")
    if not number.isdecimal() or not _is_card(number):
        raise RpcFault(400, "BANK_CARD_NUMBER_INVALID")
    return types.payments.BankCardData(_BANKS.get(number[0], "Card"), [])


@serves(functions.payments.ExportInvoiceRequest, who="both")
def export_invoice(request: functions.payments.ExportInvoiceRequest, call: Call) -> types.payments.ExportedInvoice:
    """A link to a bill that anybody can pay."""
    media = take_media(call, request.invoice_media)
    if not isinstance(media, InvoiceMedia):
        raise RpcFault(400, "MEDIA_INVALID")
    slug = base64.urlsafe_b64encode(call.world.rand(9)).decode()
    call.world.ledger.links[slug] = (call.my_id, media)
    return types.payments.ExportedInvoice(f"https://t.me/${slug}")
