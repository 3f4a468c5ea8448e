"""Is this paper one of ours: a page for anybody who holds a report, and the one word it gets.

The word is ``fieldapp.reports.verify``'s.
Nobody needs to be known for it, so nothing is told beyond the word, nothing is kept of what was sent, and the log says
only that somebody asked. What a paper says is read by its own signatures; of the database only device keys are.
"""

from __future__ import annotations

from fieldapp.reports.code import PREFIX
from fieldapp.reports.verify import Verdict, verify_bytes, verify_code
from sync.server.service import Service
from sync.server.storage.people import load_devices

#: A bound file of some hundred reports with photos; larger ones are checked on a laptop.
MOST_BYTES = 96 * 1024 * 1024
#: The longest code names 32 revisions; what is longer was not typed from a paper.
MOST_TYPED = 4096


def check(service: Service, sent: bytes) -> Verdict:
    """What was sent is a PDF, or the letters of the code on a paper. Never raises for what it holds."""
    typed = _typed(sent)
    if typed is None:
        return verify_bytes(sent, service.keys.trust)
    return verify_code(typed, service.keys.county, lambda device: _device_key(service, device))


def _typed(sent: bytes) -> str | None:
    """The code in ``sent``, spaces and line ends gone; None when this is no code."""
    try:
        letters = "".join(sent.decode("ascii").split()).upper() if len(sent) <= MOST_TYPED else ""
    except UnicodeDecodeError:
        return None
    return letters if letters.startswith(PREFIX) else None


def _device_key(service: Service, device: str) -> bytes | None:
    """The key of a device this county once enrolled; one that was revoked since printed genuine papers before."""
    found = service.read(lambda connection: load_devices(connection, service.keys.county, [device]))
    return found[device].public_key if device in found else None


#: Complete in itself: no other address is asked, so the page works on the county's own network.
PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>报告真伪核对 · Is this report genuine?</title>
<style>
:root{color-scheme:light dark;--ink:#1c2430;--second:#556070;--line:#e1e6ec;--ground:#f5f7f9;--surface:#fff;
--accent:#1d5799;--genuine:#25703f;--altered:#b3261e;--unknown:#5c6674}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--second:#a3adba;--line:#333c48;--ground:#12161c;
--surface:#1a2028;--accent:#7db2ec;--genuine:#7fce9b;--altered:#f2a39c;--unknown:#b0bac6}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 "Noto Sans SC",system-ui,sans-serif}
main{max-width:560px;margin:48px auto;padding:24px;background:var(--surface);border:1px solid var(--line);
border-radius:8px}
h1{font-size:22px;margin:0}p{color:var(--second);margin:8px 0 16px}label{display:block;font-weight:600;margin-top:16px}
input,textarea,button{font:inherit;width:100%;box-sizing:border-box;min-height:44px;border:1px solid var(--line);
border-radius:8px;padding:8px 12px;background:transparent;color:inherit}
textarea{min-height:96px;font-family:monospace}button{margin-top:16px;background:var(--accent);border:0;
color:var(--surface);font-weight:600}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
output{display:block;margin-top:24px;font-size:28px;font-weight:700;min-height:42px}
</style>
<main><h1>报告真伪核对</h1><p>Is this report genuine? 选择 PDF 文件，或输入纸上二维码里的字母。结果只有一个词。<br>
Choose the PDF, or enter the letters of the square code. The answer is one word.</p>
<form><label for="file">PDF 文件 · file</label><input id="file" type="file" accept="application/pdf">
<label for="code">二维码内容 · code</label><textarea id="code" maxlength="4096" spellcheck="false"
placeholder="TJB1:…"></textarea><button>核对 · Check</button></form><output role="status"></output></main>
<script>
const form=document.forms[0],said=document.querySelector("output");
form.addEventListener("submit",async event=>{event.preventDefault();
const body=form.file.files[0]||form.code.value.trim();if(!body)return;said.textContent="…";
const answer=await fetch("verify",{method:"POST",body}).catch(()=>null);
const word=answer&&answer.ok?await answer.text():"";
said.textContent=word||"现在无法核对，请稍后再试 · try again later";
said.style.color=`var(--${word.split(" ").pop()||"unknown"})`;});
</script></html>
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
}  # fmt: skip
