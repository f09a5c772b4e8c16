"use strict";
(function () {
  const data = JSON.parse(document.getElementById("figures").textContent);
  const root = document.documentElement;
  const charts = new Map();
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const palette = () => ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(css);
  const narrow = (box) => box.clientWidth < 440;
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");
  const digits = (v) => (Math.abs(v) >= 1000 ? 0 : Math.abs(v) >= 100 ? 0 : Math.abs(v) >= 10 ? 1 : 2);
  const show = (v) => (v === null || v === undefined ? "–" :
    v.toLocaleString("en", { maximumFractionDigits: digits(v) }).replace("-", "−"));

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: css("--soft") },
      tooltip: {
        confine: true, backgroundColor: css("--card"), borderColor: css("--line"),
        textStyle: { color: css("--ink"), fontSize: 12.5 }, extraCssText: "max-width:22rem;white-space:normal"
      }
    };
  }
  const quarterAxis = (quarters, tight) => ({
    type: "category", data: quarters, boundaryGap: false,
    axisLine: { lineStyle: { color: css("--line") } }, axisTick: { show: false },
    axisLabel: {
      color: css("--soft"), fontSize: 11, hideOverlap: true,
      interval: (k, text) => text.endsWith("Q1") || (k === 0 && !tight), formatter: (t) => (t.endsWith("Q1") ? t.slice(0, 4) : t)
    }
  });
  const valueAxis = (extra) => Object.assign({
    type: "value", scale: true, splitNumber: 4, axisLabel: { color: css("--soft"), fontSize: 11, hideOverlap: true, formatter: show },
    splitLine: { lineStyle: { color: css("--grid") } }
  }, extra || {});
  // along the page there is room for fewer figures than up it
  const acrossAxis = (box, extra) => valueAxis(Object.assign(narrow(box) ? { splitNumber: 2 } : {}, extra));
  const nameAxis = (names, box, room) => ({
    type: "category", data: names, inverse: true, axisTick: { show: false }, axisLine: { show: false },
    axisLabel: {
      color: css("--ink"), fontSize: narrow(box) ? 11 : 12, lineHeight: 13, width: narrow(box) ? 96 : room || 190, overflow: "break", interval: 0
    }
  });
  const sideGrid = (box, extra) => Object.assign({ left: narrow(box) ? 106 : 204, right: 18, top: 34, bottom: 28 }, extra || {});

  const kinds = {
    fan(d, box) {
      const colours = palette();
      const series = [];
      d.series.forEach((s, k) => {
        const colour = colours[k];
        const layer = (low, high, opacity) => {
          const id = k + low;
          series.push({ type: "line", stack: id, data: s[low], lineStyle: { opacity: 0 }, symbol: "none", silent: true, stackStrategy: "all" });
          series.push({
            type: "line", stack: id, symbol: "none", silent: true, lineStyle: { opacity: 0 }, stackStrategy: "all",
            areaStyle: { color: colour, opacity },
            data: s[high].map((v, q) => (v === null || s[low][q] === null ? null : v - s[low][q]))
          });
        };
        layer("p05", "p95", 0.16);
        layer("p25", "p75", 0.26);
        series.push({ name: s.name, type: "line", data: s.p50, symbol: "none", lineStyle: { width: 2.4, color: colour, type: k ? [7, 4] : "solid" }, itemStyle: { color: colour } });
      });
      const many = d.series.length > 1;
      return {
        grid: { left: 46, right: 14, top: many ? (narrow(box) ? 54 : 34) : 12, bottom: 26 },
        legend: many ? { top: 0, left: 0, itemWidth: 22, itemHeight: 2, textStyle: { color: css("--soft") }, data: d.series.map((s) => s.name) } : undefined,
        xAxis: quarterAxis(d.quarters, true), yAxis: valueAxis({ scale: !many }), series,
        tooltip: {
          trigger: "axis", axisPointer: { lineStyle: { color: css("--faint") } },
          formatter: (items) => {
            const q = items[0].dataIndex;
            return "<b>" + escape(d.quarters[q]) + "</b>" + d.series.map((s) =>
              "<br>" + escape(s.name) + ": <b>" + show(s.p50[q]) + "</b><br>half of the draws " + show(s.p25[q]) + " to " + show(s.p75[q]) +
              "<br>nine of ten " + show(s.p05[q]) + " to " + show(s.p95[q])).join("");
          }
        }
      };
    },
    band(d) {
      const colour = css("--c1");
      const edge = (values) => ({ type: "line", data: values, symbol: "none", silent: true, lineStyle: { width: 1, color: colour, type: [2, 3] } });
      return {
        grid: { left: 46, right: 14, top: 12, bottom: 26 },
        xAxis: quarterAxis(d.quarters, true), yAxis: valueAxis(),
        series: [
          { type: "line", stack: "b", data: d.p10, lineStyle: { opacity: 0 }, symbol: "none", silent: true, stackStrategy: "all" },
          { type: "line", stack: "b", data: d.p90.map((v, k) => (v === null || d.p10[k] === null ? null : v - d.p10[k])), lineStyle: { opacity: 0 }, symbol: "none", silent: true, stackStrategy: "all", areaStyle: { color: colour, opacity: 0.2 } },
          edge(d.low), edge(d.high),
          { name: d.name, type: "line", data: d.p50, symbol: "none", lineStyle: { width: 2.4, color: colour }, itemStyle: { color: colour } }
        ],
        tooltip: {
          trigger: "axis", axisPointer: { lineStyle: { color: css("--faint") } },
          formatter: (items) => {
            const q = items[0].dataIndex;
            return "<b>" + escape(d.quarters[q]) + "</b><br>" + escape(d.name) + ": <b>" + show(d.p50[q]) + " " + escape(d.unit) + "</b><br>eight of ten draws " + show(d.p10[q]) + " to " + show(d.p90[q]) +
              "<br>median, 90 % interval " + show(d.low[q]) + " to " + show(d.high[q]);
          }
        }
      };
    },
    curve(d) {
      const colour = css("--c2");
      return {
        grid: { left: 40, right: 14, top: 12, bottom: 26 },
        xAxis: quarterAxis(d.quarters, true), yAxis: valueAxis({ min: 0, max: 100, interval: 25, scale: false }),
        series: [
          { type: "line", stack: "b", data: d.low, lineStyle: { opacity: 0 }, symbol: "none", silent: true },
          { type: "line", stack: "b", data: d.high.map((v, k) => (v === null ? null : v - d.low[k])), lineStyle: { opacity: 0 }, symbol: "none", silent: true, areaStyle: { color: colour, opacity: 0.22 } },
          { type: "line", data: d.values, symbol: "none", lineStyle: { width: 2.4, color: colour } }
        ],
        tooltip: { trigger: "axis", formatter: (i) => "<b>" + escape(d.quarters[i[0].dataIndex]) + "</b><br>" + show(d.values[i[0].dataIndex]) + " % of draws (" + show(d.low[i[0].dataIndex]) + " to " + show(d.high[i[0].dataIndex]) + ")" }
      };
    },
    path(d, box) {
      const colours = [css("--c1"), css("--c2")];
      const many = d.lines.length > 1;
      const shade = (s) => [{ xAxis: s.from, itemStyle: s.solid ? { color: css("--c5"), opacity: 0.3 } : { color: "transparent", borderColor: css("--faint"), borderWidth: 1, borderType: "dashed" } }, { xAxis: s.to }];
      return {
        grid: { left: 50, right: 14, top: many ? (narrow(box) ? 54 : 34) : 12, bottom: 26 },
        legend: many ? { top: 0, left: 0, itemWidth: 22, itemHeight: 2, textStyle: { color: css("--soft") } } : undefined,
        xAxis: {
          type: "category", data: d.labels, boundaryGap: false, axisLine: { lineStyle: { color: css("--line") } }, axisTick: { show: false },
          axisLabel: { color: css("--soft"), fontSize: 11, hideOverlap: true, formatter: (t) => (/^\d{4}-\d\d/.test(t) ? t.slice(0, 7) : t) }
        },
        yAxis: valueAxis(),
        series: d.lines.map((l, k) => ({
          name: l.name, type: "line", data: l.values, symbol: "none", sampling: "lttb",
          lineStyle: { width: 1.5, color: colours[k], type: l.dashed ? [6, 4] : "solid" }, itemStyle: { color: colours[k] },
          markArea: k ? undefined : { silent: true, data: d.shades.map(shade) }
        })),
        tooltip: {
          trigger: "axis", axisPointer: { lineStyle: { color: css("--faint") } },
          formatter: (i) => "<b>" + escape(d.labels[i[0].dataIndex]) + "</b>" + d.lines.map((l) => "<br>" + escape(l.name) + ": <b>" + show(l.values[i[0].dataIndex]) + "</b>").join("")
        }
      };
    },
    timeline(d, box) {
      const cells = [];
      d.values.forEach((row, y) => row.forEach((v, x) => cells.push([x, y, v])));
      const small = narrow(box);
      const wide = (box.clientWidth - (small ? 112 : 214)) / d.quarters.length;
      const top = Math.max(1, ...cells.map((c) => c[2] || 0));
      const ceiling = top > 50 ? 100 : top > 20 ? 50 : 20;
      return {
        grid: sideGrid(box, { top: 8, bottom: 52, right: 10 }),
        xAxis: Object.assign(quarterAxis(d.quarters, false), { boundaryGap: true, splitArea: { show: false } }),
        yAxis: nameAxis(d.names, box),
        visualMap: {
          min: 0, max: ceiling, calculable: false, orient: "horizontal", left: small ? 0 : 204, bottom: 0, itemWidth: 10, itemHeight: 130,
          text: [ceiling + " %", "0 % of draws"], textStyle: { color: css("--soft"), fontSize: 11 },
          inRange: { color: ["--heat0", "--heat1", "--heat2", "--heat3", "--heat4"].map(css) }
        },
        series: [{
          type: "heatmap", data: cells, itemStyle: { borderColor: css("--card"), borderWidth: small ? 0.5 : 2 },
          label: {
            show: wide > 27, fontSize: 10.5,
            formatter: (p) => (p.value[2] >= 0.5 && (p.value[0] % 4 === 3 || p.value[0] === d.quarters.length - 1) ? "{" + (p.value[2] > ceiling * Number(css("--turn")) ? "a" : "b") + "|" + Math.round(p.value[2]) + "}" : ""),
            rich: { a: { color: css("--card"), fontSize: 10.5, fontWeight: 600 }, b: { color: css("--ink"), fontSize: 10.5 } }
          }
        }],
        tooltip: {
          formatter: (p) => "<b>" + escape(d.names[p.value[1]]) + "</b><br>defaulted by " + escape(d.quarters[p.value[0]]) + ": " + show(p.value[2]) + " % of draws" +
            (d.illiquid[p.value[1]] === null ? "" : "<br>illiquid in " + d.illiquid[p.value[1]] + " % of its defaults")
        }
      };
    },
    stack(d, box) {
      const colours = palette();
      return {
        grid: sideGrid(box, { top: narrow(box) ? 62 : 40 }),
        legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: css("--soft") } },
        xAxis: acrossAxis(box, { scale: false }), yAxis: nameAxis(d.names, box),
        series: d.parts.map((p, k) => ({ name: p.name, type: "bar", stack: "s", barMaxWidth: 16, data: p.values, itemStyle: { color: colours[k % 6] } })),
        tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } }, formatter: (i) => "<b>" + escape(d.names[i[0].dataIndex]) + "</b>, USD bn" + d.parts.map((p) => "<br>" + escape(p.name) + ": " + show(p.values[i[0].dataIndex])).join("") }
      };
    },
    area(d) {
      const colours = [css("--c3"), css("--c5"), css("--c2")];
      return {
        grid: { left: 40, right: 14, top: 52, bottom: 26 },
        legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 10, textStyle: { color: css("--soft"), fontSize: 11.5 } },
        xAxis: quarterAxis(d.quarters, true), yAxis: valueAxis({ min: 0, max: 100, interval: 25, scale: false }),
        series: d.parts.map((p, k) => ({ name: p.name, type: "line", stack: "m", symbol: "none", data: p.values, lineStyle: { width: 0.5 }, itemStyle: { color: colours[k] }, areaStyle: { color: colours[k], opacity: 0.75 } })),
        tooltip: { trigger: "axis", formatter: (i) => "<b>" + escape(d.quarters[i[0].dataIndex]) + "</b>" + d.parts.map((p) => "<br>" + escape(p.name) + ": " + show(p.values[i[0].dataIndex]) + " %").join("") }
      };
    },
    bars(d, box) {
      return {
        grid: sideGrid(box, { top: 6, left: narrow(box) ? 106 : 190 }),
        xAxis: acrossAxis(box, d.unit === "%" ? { min: 0, scale: false } : { scale: false }), yAxis: nameAxis(d.names, box, 178),
        series: [
          { type: "bar", barMaxWidth: 18, data: d.values.map((v) => v[1]), itemStyle: { color: css("--c1"), borderRadius: 2 } },
          {
            type: "custom", silent: true, z: 5, encode: { x: [1, 2], y: 0 }, data: d.values.map((v, k) => [k, v[0], v[2]]),
            renderItem: (p, api) => {
              const a = api.coord([api.value(1), api.value(0)]);
              const b = api.coord([api.value(2), api.value(0)]);
              return { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: css("--ink"), lineWidth: 1.4 } };
            }
          }
        ],
        tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } }, formatter: (i) => { const k = i[0].dataIndex; const v = d.values[k]; return "<b>" + escape(d.names[k]) + "</b><br>" + show(v[1]) + " " + escape(d.unit) + " (" + show(v[0]) + " to " + show(v[2]) + ")<br>" + escape(d.what); } }
      };
    },
    clocks(d, box) {
      const span = (side, shift, colour, thick) => ({
        type: "custom", silent: true, encode: { x: [1, 2, 3], y: 0 }, data: d[side].map((v, k) => [k, v[0], v[1], v[2]]),
        renderItem: (p, api) => {
          const x = [1, 2, 3].map((n) => api.coord([Math.min(api.value(n), d.end + 1), api.value(0)]));
          const y = x[0][1] + shift;
          return {
            type: "group", children: [
              { type: "line", shape: { x1: x[0][0], y1: y, x2: x[2][0], y2: y }, style: { stroke: colour, lineWidth: thick, opacity: 0.45, lineCap: "round" } },
              { type: "circle", shape: { cx: x[1][0], cy: y, r: 4.2 }, style: { fill: colour } }
            ]
          };
        }
      });
      const mark = (v) => (v > d.end ? "beyond" : show(v));
      return {
        grid: sideGrid(box),
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: 14, itemHeight: 10, textStyle: { color: css("--soft") }, data: ["with its plans", "capital spending stopped"] },
        xAxis: valueAxis({ min: 0, max: d.end + 1, scale: false, interval: 4, axisLabel: { color: css("--soft"), fontSize: 11, formatter: (v) => (v > d.end ? "beyond" : narrow(box) && v > d.end - 2 ? "" : v) } }),
        yAxis: nameAxis(d.names, box),
        series: [
          { name: "with its plans", type: "bar", data: d.names.map(() => 0), itemStyle: { color: css("--c2") } },
          { name: "capital spending stopped", type: "bar", data: d.names.map(() => 0), itemStyle: { color: css("--c1") } },
          span("plans", -4, css("--c2"), 6), span("stopped", 5, css("--c1"), 6)
        ],
        tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } }, formatter: (i) => { const k = i[0].dataIndex; const t = (v) => mark(v[1]) + " (" + mark(v[0]) + " to " + mark(v[2]) + ")"; return "<b>" + escape(d.names[k]) + "</b>, quarters<br>with its plans " + t(d.plans[k]) + "<br>spending stopped " + t(d.stopped[k]); } }
      };
    },
    influence(d, box) {
      const line = d.noise === null ? [] : [{ xAxis: d.noise }, { xAxis: -d.noise }];
      return {
        grid: sideGrid(box, { top: 8 }), xAxis: valueAxis({ min: -1, max: 1, scale: false }), yAxis: nameAxis(d.names, box),
        series: [{
          type: "bar", barMaxWidth: 14, data: d.values.map((v) => ({ value: v, itemStyle: { color: d.noise !== null && Math.abs(v) <= d.noise ? css("--faint") : v > 0 ? css("--c2") : css("--c1"), borderRadius: 2 } })),
          markLine: { silent: true, symbol: "none", lineStyle: { color: css("--faint"), type: [4, 4] }, label: { show: false }, data: line }
        }],
        tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } }, formatter: (i) => "<b>" + escape(d.names[i[0].dataIndex]) + "</b><br>rank correlation " + show(d.values[i[0].dataIndex]) + "<br>dashed: what chance alone can do" }
      };
    },
    map(d, box) {
      const colours = { pays: css("--c1"), funds: css("--c2"), owes: css("--faint"), supports: css("--c4") };
      const upright = narrow(box);
      const w = box.clientWidth, h = box.clientHeight;
      const padX = upright ? 34 : 92, padY = upright ? 60 : 46;
      const columns = d.columns.map(() => []);
      d.nodes.forEach((n) => columns[n.column].push(n));
      const place = new Map();
      columns.forEach((list, c) => list.forEach((n, k) => {
        const along = d.columns.length < 2 ? 0.5 : c / (d.columns.length - 1);
        const across = (k + 0.5) / list.length;
        // on a narrow page neighbours stand on two levels, so that their names do not run into each other
        const bend = upright ? (list.length > 3 ? (k % 2 ? 0.045 : -0.045) : 0) : Math.sin(across * Math.PI) * (c % 2 ? 0.02 : -0.02);
        place.set(n.id, upright
          ? { x: padX + across * (w - 2 * padX), y: padY + (along + bend) * (h - 2 * padY) }
          : { x: padX + (along + bend) * (w - 2 * padX), y: padY + across * (h - 2 * padY) });
      }));
      const top = Math.max(...d.links.map((l) => l.size));
      const big = Math.max(1, ...d.nodes.map((n) => n.value || 0));
      const order = new Map(d.nodes.map((n) => [n.id, n.column]));
      return {
        series: [{
          type: "graph", layout: "none", coordinateSystem: undefined, left: padX, right: padX, top: padY, bottom: padY, roam: true, scaleLimit: { min: 0.7, max: 5 },
          edgeSymbol: ["none", "arrow"], edgeSymbolSize: 7, emphasis: { focus: "adjacency", lineStyle: { opacity: 1 } },
          label: {
            show: true, position: "bottom", distance: 4, color: css("--ink"), fontSize: upright ? 9.5 : 11.5, lineHeight: upright ? 11 : 13,
            width: upright ? 62 : 128, overflow: "break", textBorderColor: css("--card"), textBorderWidth: 3
          },
          data: d.nodes.map((n) => ({
            id: n.id, name: n.name, x: place.get(n.id).x, y: place.get(n.id).y,
            symbolSize: (upright ? 9 : 12) + (upright ? 22 : 34) * Math.sqrt((n.value || 0) / big),
            itemStyle: { color: css("--card"), borderColor: css("--ink"), borderWidth: 1.6 }, info: n
          })),
          links: d.links.map((l) => {
            const step = order.get(l.target) - order.get(l.source);
            return {
              source: l.source, target: l.target, text: l.text,
              lineStyle: { color: colours[l.kind], width: 1 + 9 * Math.sqrt(l.size / top), opacity: l.kind === "owes" ? 0.32 : 0.55, curveness: step === 0 ? 0.45 : 0.16, type: l.binding ? "solid" : "dashed" }
            };
          })
        }],
        tooltip: { formatter: (p) => (p.dataType === "edge" ? escape(p.data.text) : "<b>" + escape(p.data.name) + "</b><br>" + escape(p.data.info.role) + (p.data.info.value === null ? "" : "<br>market value " + show(p.data.info.value) + " bn USD")) }
      };
    }
  };

  function draw(box) {
    const figure = data[box.dataset.figure];
    const before = charts.get(box);
    if (before) { before.dispose(); }
    const chart = echarts.init(box, null, { renderer: "svg" });
    const extra = kinds[figure.kind](figure.data, box);
    const common = base();
    chart.setOption(Object.assign(common, extra, { tooltip: Object.assign(common.tooltip, extra.tooltip || {}) }));
    const svg = box.querySelector("svg");
    svg.setAttribute("viewBox", "0 0 " + box.clientWidth + " " + box.clientHeight);
    charts.set(box, chart);
  }
  const boxes = Array.from(document.querySelectorAll("[data-figure]"));
  // on a narrow page long names stand on three lines, and rows must be as high as they are
  const LONG_NAME = 26, ROW_OF_THREE_LINES = 41, AROUND_ROWS = 70;
  const height = (box) => {
    const names = data[box.dataset.figure].data.names || [];
    const rows = narrow(box) && names.some((name) => name.length > LONG_NAME) ? AROUND_ROWS + ROW_OF_THREE_LINES * names.length : 0;
    return Math.max(Number(box.dataset.height), rows);
  };
  const drawAll = () => boxes.forEach((box) => { box.style.height = height(box) + "px"; draw(box); });
  document.querySelectorAll("details[data-closes]").forEach((d) => d.removeAttribute("open"));
  drawAll();
  let width = window.innerWidth;
  let timer = 0;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) { return; }
    width = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(drawAll, 150);
  });
  const button = document.querySelector(".theme");
  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const label = () => { button.textContent = dark() ? "Light" : "Dark"; button.setAttribute("aria-pressed", String(dark())); };
  button.hidden = false;
  label();
  button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; label(); drawAll(); });
  systemDark.addEventListener("change", () => { label(); drawAll(); });
})();
