"""How the demo's sites look to a person who opens one: a few lines of style for each kind, and a note that nothing of it is real."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

_BASE = (
    "body{margin:0 auto;max-width:60rem;padding:0 1rem;font:16px/1.75 system-ui,sans-serif;color:#222}a{color:#1a4f9c;text-decoration:none}"
)
_NOTE = '<footer class="demo-note">演示用网站，地名、人物和内容都是虚构的。</footer>'
_LOOKS = {
    "cms": ".header{background:#b2161d;color:#fff;padding:1rem}.header a{color:#fff;margin-right:1.2rem}.news-list{list-style:none;padding:0}.news-list li{border-bottom:1px dashed #ccc;padding:.4rem 0}.date{float:right;color:#888}.side{display:none}.title{text-align:center}.info{text-align:center;color:#777}.info span{margin:0 .6rem}.content p{text-indent:2em}",
    "table": "body{font-family:SimSun,serif;max-width:none}td{padding:.2rem .4rem}.bt{font-size:1.4rem}.xx{color:#666}table{max-width:100%}",
    "modern": ".site{border-bottom:3px solid #c00;padding:1rem 0}.site a{margin-right:1rem}.brand{font-weight:700;font-size:1.3rem}.card{padding:.6rem 0;border-bottom:1px solid #eee}.card h3{margin:0}.summary,.meta,time{color:#777}.meta span{margin-right:1rem}",
    "plain": "body{max-width:44rem}",
    "blog": "body{max-width:42rem;font-family:Georgia,serif;background:#fffdf7}.post{margin:2rem 0}",
    "classic": "table{width:100%;border-collapse:collapse}#threadlist td,#threadlist th{border-bottom:1px solid #d5e0ea;padding:.4rem;text-align:left;font-weight:400}.post{border:1px solid #c8d6e2;margin:.6rem 0}td.author{width:10rem;background:#eef4fa;vertical-align:top;padding:.6rem}.body{padding:.6rem;vertical-align:top}.pi,em{color:#789;font-style:normal;font-size:.85rem}.pcomment{background:#f7f9fb;padding:.2rem .6rem}#top a,.pg a,.pg strong{margin-right:1rem}",
    "floors": ".topic-list{list-style:none;padding:0}.topic-item{border-bottom:1px solid #eee;padding:.4rem 0}.replies{display:inline-block;min-width:2.5rem;color:#e06c00}.topic-author,.topic-time,time,.stat{color:#999;margin-left:1rem;font-size:.85rem}.floor{border-bottom:1px solid #eee;padding:.8rem 0}.floor-no{color:#aaa;margin-right:1rem}.user{font-weight:600}.subs{background:#f6f6f6;list-style:none;padding:.4rem .8rem}#top a,.pg a{margin-right:1rem}",
    "flow": ".feed-item,.comment{border-bottom:1px solid #f0d9e2;padding:.7rem 0}.info,time{color:#a78;font-size:.85rem}.info span{margin-right:1rem}.nick{font-weight:600;margin-right:.6rem}.no{color:#c9a;margin-right:.6rem}.sub-comments{background:#fdf4f8;padding:.3rem .8rem}#top a{margin-right:1rem}",
    "timeline": "body{max-width:36rem;background:#f3f5f7}.mblog{background:#fff;border-radius:8px;padding:.8rem 1rem;margin:.7rem 0}.who{color:#888;font-size:.9rem}.who time{margin-left:1rem}.txt a{color:inherit}.acts{display:flex;gap:2rem;list-style:none;padding:0;color:#999;font-size:.85rem;margin:0}nav a{margin-right:1rem}",
    "letters": ".letters{width:100%;border-collapse:collapse}.letters td,.letters th{border-bottom:1px solid #ddd;padding:.4rem;text-align:left}.post{border:1px solid #ddd;padding:1rem;margin:1rem 0}.answer{background:#f2f8f4}.post-author{font-weight:600}.post-time{color:#888;font-size:.85rem}.nav a{margin-right:1rem}",
}


def dressed(page: str, style: str) -> str:
    """The page with the looks of its kind and the note at its foot."""
    look = (
        f"<style>{_BASE}{_LOOKS.get(style, '')}.demo-note{{color:#888;font-size:.8rem;border-top:1px solid #ddd;margin-top:2rem}}</style>"
    )
    return page.replace("</title>", f"</title>{look}", 1).replace("</body>", f"{_NOTE}</body>", 1)
