// Stands at the end of the glue where the module is split (xtask/src/parts.rs): brings the parts of the
// program that come after the page. The first module exports what a part needs, and a flag for each
// part that is there.
const files = PARTS;
const coming = {};

function address(name) {
    return new URL(files[name], document.baseURI);
}

function settle(name) {
    wasm[`here_${name}`].value = 1;
}

// Fetches a part ahead; true when it is there already, else a promise.
globalThis.drydockPart = (name) => {
    if (wasm[`here_${name}`].value) return true;
    coming[name] ??= fetch(address(name))
        .then((answer) => {
            if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
            return answer.arrayBuffer();
        })
        .then((bytes) => WebAssembly.instantiate(bytes, { first: wasm }))
        .then(() => settle(name))
        .finally(() => delete coming[name]);
    return coming[name];
};

// Fetches a part that the program stands in the middle of needing: nothing else can go on before.
function fetchNow(name) {
    for (;;) {
        try {
            const ask = new XMLHttpRequest();
            ask.open('GET', address(name), false);
            ask.overrideMimeType('text/plain; charset=x-user-defined');
            ask.send();
            if (ask.status !== 200) throw new Error(`${ask.status} for ${ask.responseURL}`);
            const bytes = Uint8Array.from(ask.responseText, (sign) => sign.charCodeAt(0) & 255);
            new WebAssembly.Instance(new WebAssembly.Module(bytes), { first: wasm });
            performance.mark(`drydock-waited-for-${name}`);
            return settle(name);
        } catch (error) {
            if (!confirm('A part of the site could not be fetched. Is the network there? OK tries again.')) {
                throw Object.assign(error, { part: name });
            }
        }
    }
}
