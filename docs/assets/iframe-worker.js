// A page opened from a disk may start no worker, and the search of the site is one: here it runs in a hidden frame.
"use strict";
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.documentElement.append(this.frame);
      const inside = this.frame.contentWindow;
      // What a worker has: scripts one after the other, and messages to whoever started it.
      inside.importScripts = (...scripts) =>
        scripts.reduce((before, script) => before.then(() => this.load(script)), Promise.resolve());
      inside.postMessage = (data) => {
        const message = new MessageEvent("message", { data });
        this.dispatchEvent(message);
        this.onmessage?.(message);
      };
      this.ready = this.load(url);
    }
    load(script) {
      return new Promise((loaded, failed) => {
        const tag = this.frame.contentDocument.createElement("script");
        Object.assign(tag, { src: new URL(script, location.href).href, onload: loaded, onerror: failed });
        this.frame.contentDocument.body.append(tag);
      });
    }
    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
