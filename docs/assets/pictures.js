// The pictures of docs/pictures.md: numbers come from docs/make_pictures.py, here they are only drawn.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes = {}, parent = null) => {
    const made = name === "html" ? null : document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent?.append(made);
    return made;
  };
  const element = (name, properties, parent) => {
    const made = Object.assign(document.createElement(name), properties);
    parent?.append(made);
    return made;
  };
  const lineOf = (points) => "M" + points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L");

  // ---- Walks between two points of N(0, I_2); the Cauchy line is looked up in latentot's own table.
  const table = (chart) => {
    const step = (chart.high - chart.low) / (chart.g.length - 1);
    const there = (z) => {
      const at = Math.min(Math.max((z - chart.low) / step, 0), chart.g.length - 1.000001);
      const i = Math.floor(at);
      return chart.g[i] + (at - i) * (chart.g[i + 1] - chart.g[i]);
    };
    const back = (u) => {
      let [a, b] = [0, chart.g.length - 1];
      if (u <= chart.g[a]) return chart.low;
      if (u >= chart.g[b]) return chart.high;
      while (b - a > 1) {
        const m = (a + b) >> 1;
        if (chart.g[m] <= u) a = m;
        else b = m;
      }
      return chart.low + step * (a + (u - chart.g[a]) / (chart.g[b] - chart.g[a]));
    };
    return { there, back };
  };
  const walksOf = (chart) => {
    const { there, back } = table(chart);
    const each = (a, b, function_) => a.map((value, j) => function_(value, b[j]));
    return {
      linear: (a, b, t) => each(a, b, (x, y) => (1 - t) * x + t * y),
      spherical: (a, b, t) => {
        const [r, s] = [Math.hypot(...a), Math.hypot(...b)];
        const angle = Math.acos(Math.max(-1, Math.min(1, (a[0] * b[0] + a[1] * b[1]) / (r * s || 1))));
        if (Math.sin(angle) < 1e-6) return each(a, b, (x, y) => (1 - t) * x + t * y);
        const [p, q] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
        return each(a, b, (x, y) => p * x + q * y);
      },
      cauchy: (a, b, t) => each(a, b, (x, y) => back((1 - t) * there(x) + t * there(y))),
      matched: (a, b, t) => each(a, b, (x, y) => ((1 - t) * x + t * y) / Math.hypot(1 - t, t)),
    };
  };
  if (typeof module !== "undefined") module.exports = { table, walksOf };
  if (typeof document === "undefined") return;

  // ---- Controls
  const slider = (where, label, max, value, shown) => {
    const box = element("label", {}, where);
    box.append(label);
    const input = element("input", { type: "range", min: 0, max, value, step: 1 }, box);
    const output = element("output", {}, box);
    const say = () => (output.value = shown(Number(input.value)));
    input.addEventListener("input", say);
    say();
    return input;
  };
  const choice = (where, label, names, colours = {}) => {
    const box = element("label", {}, where);
    box.append(label);
    const select = element("select", {}, box);
    for (const name of names) element("option", { value: name, textContent: name }, select);
    return select;
  };
  const frame = (where, width, height, label) => {
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, where);
    return svg;
  };
  const autoplay = (where, input, low, high) => {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const button = element("button", { type: "button", textContent: "Play", className: "md-button" }, where);
    let timer = null;
    const stop = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = "Play";
    };
    button.addEventListener("click", () => {
      if (timer) return stop();
      button.textContent = "Stop";
      let step = 1;
      timer = setInterval(() => {
        const at = Number(input.value);
        if (at + step > high || at + step < low) step = -step;
        input.value = at + step;
        input.dispatchEvent(new Event("input"));
      }, 180);
    });
    input.addEventListener("pointerdown", stop);
  };
  const curves = (svg, rows, box, high, colours) => {
    // rows: [class or colour, values]; the first is the prior, filled.
    svg.replaceChildren();
    const [left, top, width, height] = box;
    rows.forEach(([colour, values], i) => {
      const points = values.map((value, k) => [
        left + (width * (k + 0.5)) / values.length,
        top + height * (1 - Math.min(value / high, 1.02)),
      ]);
      if (i === 0) {
        const bottom = top + height;
        make("path", { class: "prior", d: lineOf([[left, bottom], ...points, [left + width, bottom]]) + "Z" }, svg);
      } else make("path", { d: lineOf(points), fill: "none", stroke: colour, "stroke-width": 2.5 }, svg);
    });
    make("line", { class: "axis", x1: left, x2: left + width, y1: top + height, y2: top + height }, svg);
  };
  const ticks = (svg, values, at, y) => {
    for (const value of values) {
      const text = make("text", { x: at(value), y, "text-anchor": "middle" }, svg);
      text.textContent = value;
    }
  };
  const pictures = {
    soapBubble(where, all) {
      const known = all.soapBubble;
      const sizes = Object.keys(known);
      const svg = frame(where, 720, 260, "Densities of norms: of the prior, filled, and of points on the way");
      const controls = element("div", { className: "controls" }, where);
      const d = slider(controls, "dimension", sizes.length - 1, 2, (i) => sizes[i]);
      const t = slider(controls, "t", all.t.length - 1, 5, (i) => all.t[i].toFixed(1));
      const method = choice(controls, "walk", Object.keys(all.colours));
      autoplay(controls, t, 0, all.t.length - 1);
      const said = element("p", {}, where);
      const draw = () => {
        const one = known[sizes[d.value]];
        const row = one.walks[method.value][t.value];
        const high = Math.max(...one.prior) * 1.5;
        curves(svg, [[null, one.prior], [all.colours[method.value], row]], [20, 10, 680, 220], high);
        const last = Math.floor(one.high);
        ticks(svg, [0, last / 2, last], (r) => 20 + (680 * r) / one.high, 250);
        const mean = (values) =>
          values.reduce((sum, v, k) => sum + v * (k + 0.5), 0) / values.reduce((sum, v) => sum + v, 0);
        const share = (100 * mean(row)) / mean(one.prior);
        said.textContent =
          `Filled: norms of N(0, I) in ${sizes[d.value]} dimensions, the bubble. ` +
          `Line: norms at t = ${all.t[t.value]} of ${method.value}; their mean is ${share.toFixed(0)} % of the bubble's.`;
      };
      for (const input of [d, t, method]) input.addEventListener("input", draw);
      draw();
    },
    midpoints(where, all) {
      const svg = frame(where, 720, 260, "Density of a coordinate of the prior, filled, and of points on the way");
      const controls = element("div", { className: "controls" }, where);
      const law = choice(controls, "law", Object.keys(all.midpoints));
      const t = slider(controls, "t", all.t.length - 1, 5, (i) => all.t[i].toFixed(1));
      autoplay(controls, t, 0, all.t.length - 1);
      const said = element("p", {}, where);
      const draw = () => {
        const rows = all.midpoints[law.value];
        const high = Math.max(...rows.flat()) * 1.05;
        curves(svg, [[null, rows[0]], [all.colours.linear, rows[t.value]]], [20, 10, 680, 220], high);
        ticks(svg, [-4, -2, 0, 2, 4], (x) => 20 + (680 * (x + 4)) / 8, 250);
        const same = Math.max(...rows[t.value].map((v, k) => Math.abs(v - rows[0][k]))) < 0.002;
        said.textContent = `Filled: the ${law.value} law. Line: (1 - t) z0 + t z1 at t = ${all.t[t.value]}, ${
          same ? "the same law" : "another law: narrower, as two draws seldom err on the same side"
        }.`;
      };
      for (const input of [law, t]) input.addEventListener("input", draw);
      draw();
    },
    paths(where, all) {
      const walks = walksOf(all.cauchy);
      const side = 420;
      const svg = frame(where, 720, side, "Four walks between two points of the plane, which can be moved");
      const controls = element("div", { className: "controls" }, where);
      const t = slider(controls, "t", 100, 50, (i) => (i / 100).toFixed(2));
      autoplay(controls, t, 0, 100);
      const said = element("p", {}, where);
      const scale = side / 7;
      const to = ([x, y]) => [side / 2 + x * scale, side / 2 - y * scale];
      const ends = [[1.8, 0.3], [-0.4, 1.5]];
      for (const r of [1, 2, 3]) {
        make("circle", { class: "axis", cx: side / 2, cy: side / 2, r: r * scale }, svg);
      }
      const lines = {};
      const marks = {};
      Object.entries(all.colours).forEach(([name, colour], i) => {
        lines[name] = make("path", { fill: "none", stroke: colour, "stroke-width": 2.5 }, svg);
        marks[name] = make("circle", { r: 5, fill: colour }, svg);
        make("circle", { cx: side + 50, cy: 40 + 30 * i, r: 6, fill: colour }, svg);
        make("text", { x: side + 64, y: 44 + 30 * i }, svg).textContent = name;
      });
      const handles = ends.map((_, i) =>
        make("circle", { r: 9, class: "handle", tabindex: 0, role: "slider", "aria-label": `z${i}`, "aria-valuetext": "" }, svg),
      );
      const draw = () => {
        const at = Number(t.value) / 100;
        for (const [name, walk] of Object.entries(walks)) {
          const points = Array.from({ length: 81 }, (_, k) => to(walk(ends[0], ends[1], k / 80)));
          lines[name].setAttribute("d", lineOf(points));
          const [x, y] = to(walk(ends[0], ends[1], at));
          marks[name].setAttribute("cx", x);
          marks[name].setAttribute("cy", y);
        }
        handles.forEach((handle, i) => {
          const [x, y] = to(ends[i]);
          handle.setAttribute("cx", x);
          handle.setAttribute("cy", y);
          handle.setAttribute("aria-valuetext", ends[i].map((v) => v.toFixed(1)).join(", "));
          handle.setAttribute("aria-valuenow", Math.hypot(...ends[i]).toFixed(1));
        });
        const norms = Object.keys(walks).map((name) => `${name} ${Math.hypot(...walks[name](ends[0], ends[1], at)).toFixed(2)}`);
        said.textContent = `Distance from the origin at t = ${at}: ${norms.join(", ")}.`;
      };
      const move = (i, x, y) => {
        ends[i] = [Math.max(-3.4, Math.min(3.4, x)), Math.max(-3.4, Math.min(3.4, y))];
        draw();
      };
      handles.forEach((handle, i) => {
        handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
        handle.addEventListener("pointermove", (event) => {
          if (!handle.hasPointerCapture(event.pointerId)) return;
          const box = svg.getBoundingClientRect();
          const unit = 720 / box.width;
          move(i, ((event.clientX - box.left) * unit - side / 2) / scale, (side / 2 - (event.clientY - box.top) * unit) / scale);
        });
        handle.addEventListener("keydown", (event) => {
          const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
          if (!step) return;
          event.preventDefault();
          move(i, ends[i][0] + step[0], ends[i][1] + step[1]);
        });
      });
      t.addEventListener("input", draw);
      draw();
    },
    earthMover(where, all) {
      const known = all.earthMover;
      const svg = frame(where, 720, 360, "Latents of a law, grey, and midpoints that are carried onto it");
      const controls = element("div", { className: "controls" }, where);
      const s = slider(controls, "carried", 20, 0, (i) => `${5 * i} %`);
      autoplay(controls, s, 0, 20);
      const said = element("p", {}, where);
      const to = ([x, y]) => [360 + 135 * x, 180 - 135 * y];
      const dot = (class_, extra = {}) => make("circle", { r: 3, class: class_, ...extra }, svg);
      for (const point of known.prior) {
        const [cx, cy] = to(point);
        const made = dot("prior");
        made.setAttribute("cx", cx);
        made.setAttribute("cy", cy);
      }
      const dots = known.from.map(() => dot("", { fill: all.colours.linear, "fill-opacity": 0.75 }));
      const draw = () => {
        const share = Number(s.value) / 20;
        dots.forEach((mark, i) => {
          const [cx, cy] = to(known.from[i].map((x, j) => (1 - share) * x + share * known.to[i][j]));
          mark.setAttribute("cx", cx.toFixed(1));
          mark.setAttribute("cy", cy.toFixed(1));
        });
        said.textContent =
          share === 0
            ? "Midpoints of pairs of latents, of which many lie where no latent does."
            : "Each is carried to where latents are, all of them together by the least sum of squared distances.";
      };
      s.addEventListener("input", draw);
      draw();
    },
  };
  const start = () => {
    for (const where of document.querySelectorAll("[data-picture]")) {
      where.classList.add("lot-picture");
      where.replaceChildren();
      pictures[where.dataset.picture](where, window.latentotPictures);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
