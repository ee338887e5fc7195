// What a hostile mail may try. Each attack tells the page on top its number, or loads something
// from elsewhere, below an address that has its number in it.

export interface Attack {
  name: string;
  html: string;
}

/** The attacks, numbered from 0. What stands under the id `click` needs one. */
export function attacks(remote: string): Attack[] {
  return ATTACKS.map((attack, number) => {
    const html = `<!doctype html>${attack.html}`
      .replaceAll('ACT', `top.postMessage(${number},'*')`)
      .replaceAll('AT', `${remote}/${number}`);
    return { ...attack, html };
  });
}

/** A page that acts when nothing stands in its way, and by no script. */
export const WITNESS = '<meta http-equiv="refresh" content="0;url=AT/witness.html">';

const script = (name: string, html: string): Attack => ({ name, html });
const load = script;

const ATTACKS: readonly Attack[] = [
  script('inline script', '<script>ACT</script>'),
  script('odd script', '<ScRiPt/x>ACT</sCrIpT x>'),
  script('module', '<script type="module">ACT</script>'),
  script('external script', '<script src="AT/run.js"></script>'),
  script('broken image', '<img src="x:" onerror="ACT">'),
  script('slashes', '<img/src="x:"/onerror="ACT">'),
  script('onload', '<body onload="ACT">'),
  script('onfocus', '<input autofocus onfocus="ACT">'),
  script('ontoggle', '<details open ontoggle="ACT">x</details>'),
  script('media', '<video><source src="x:" onerror="ACT"></video>'),
  script(
    'animation',
    '<style>@keyframes x{}</style><p style="animation:x" onanimationstart="ACT">x',
  ),
  script('SVG onload', '<svg onload="ACT"></svg>'),
  script('SVG script', '<svg><script>ACT</script></svg>'),
  script('SVG script elsewhere', '<svg><script href="AT/run.js"></script></svg>'),
  script('SVG animate', '<svg><animate onbegin="ACT" attributeName="x" dur="1s"></svg>'),
  script(
    'SVG set',
    `<svg><a id="click"><set attributeName="href" to="javascript:ACT"/>
     <text y="20">click</text></a></svg>`,
  ),
  script(
    'SVG style confusion',
    '<svg></p><style><a title="</style><img src=x: onerror=ACT>"></style></svg>',
  ),
  script('noscript confusion', '<noscript><p title="</noscript><img src=x: onerror=ACT>">'),
  script('comment confusion', '<!--><img src=x: onerror=ACT>-->'),
  script('javascript: link', '<a id="click" href="javascript:ACT">click</a>'),
  script('spelled', '<a id="click" href=" &#1;java&#9;scr&#10;ipt&colon;ACT">click</a>'),
  script('javascript: frame', '<iframe src="javascript:ACT"></iframe>'),
  script('srcdoc', '<iframe srcdoc="<script>ACT</script>"></iframe>'),
  script('data: frame', `<iframe src="data:text/html,<script>ACT</script>"></iframe>`),
  script('data: object', `<object data="data:text/html,<script>ACT</script>"></object>`),
  script(
    'form action',
    '<form action="javascript:ACT"><button id="click" type="submit">click</button></form>',
  ),
  script(
    'formaction',
    '<form><button id="click" formaction="javascript:ACT">click</button></form>',
  ),
  load('form', '<form action="AT/form.html"><input id="click" type="submit"></form>'),
  load('refresh', WITNESS),
  load('frame', '<iframe src="AT/frame.html"></iframe>'),
  load('object', '<object data="AT/object.html"></object>'),
  load('embed', '<embed src="AT/embed.html">'),
  load('base', '<base href="AT/"><img src="base.png">'),
  load('ping', '<a id="click" href="#top" ping="AT/ping.html">click</a>'),
  load('style sheet', '<link rel="stylesheet" href="AT/link.css">'),
  load('prefetch', '<link rel="prefetch" href="AT/prefetch.html">'),
  load('preload', '<link rel="preload" as="image" href="AT/preload.png">'),
  load('module preload', '<link rel="modulepreload" href="AT/preload.js">'),
  load('import', '<style>@import url(AT/import.css);</style>'),
  load('import by name', '<style>@import "AT/import.css";</style>'),
  load('rule', '<style>p{background:url( "AT/rule.png" )}</style><p>x'),
  load('image set', `<style>p{background:image-set("AT/set.png" 1x)}</style><p>x`),
  load('style', '<p style="background:url(AT/style.png)">x'),
  load('list style', `<li style="list-style:url('AT/list.png')">x`),
  load('escaped', '<p style="background:u\\72l(AT/escaped.png)">x'),
  load('escaped set', `<p style="background:image\\2dset('AT/set.png'1x)">x`),
  load('escaped import', '<style>@\\69mport/**/"AT/import.css";</style>'),
  load('font', '<style>@font-face{font-family:f;src:url(AT/f.woff2)}p{font-family:f}</style><p>x'),
  load('picture', '<img src="AT/a.png">'),
  load('candidates', '<img srcset="AT/candidate.png 1x">'),
  load('picture source', '<picture><source srcset="AT/source.png"><img></picture>'),
  load('background', '<table background="AT/table.png"><tr><td>x</table>'),
  load('body background', '<body background="AT/body.png">x'),
  load('image button', '<input type="image" src="AT/button.png">'),
  load('video', '<video src="AT/video.mp4" preload="auto"></video>'),
  load('poster', '<video poster="AT/poster.png"></video>'),
  load('audio', '<audio src="AT/audio.mp4" preload="auto"></audio>'),
  load('SVG image', '<svg><image href="AT/svg.png" width="9" height="9"/></svg>'),
  load(
    'SVG filter',
    `<svg><filter id="f"><feImage href="AT/filter.png"/></filter>
     <rect width="9" height="9" filter="url(#f)"/></svg>`,
  ),
];
