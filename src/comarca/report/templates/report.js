"use strict";
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const byId = (id) => document.getElementById(id);

  const layersOf = { commuting: ["commuting", "commuting-edge"], freight: ["freight", "freight-edge"], ways: ["ways"] };
  const isOn = (button) => button.getAttribute("aria-pressed") === "true";

  function searchTowns() {
    const field = byId("find-town"), found = byId("found");
    const towns = [...document.querySelectorAll("[data-find]")];
    field.addEventListener("input", () => {
      const asked = field.value.trim().toLowerCase();
      let count = 0;
      for (const town of towns) {
        const fits = town.dataset.find.includes(asked);
        town.hidden = !fits;
        count += fits ? 1 : 0;
      }
      found.textContent = asked ? `${count} found` : "";
    });
  }

  function hasWebGL() {
    try {
      const canvas = document.createElement("canvas");
      return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch (error) {
      return false;
    }
  }

  function style() {
    const source = (name) => ({ type: "geojson", data: data[name] });
    const colour = data.colours;
    const size = (low, high) => ["interpolate", ["linear"], ["sqrt", ["get", "people"]], 10, low, 1000, high];
    const ground = (name) => ({
      id: name, type: "fill", source: name, paint: { "fill-color": ["get", "tint"], "fill-opacity": 0.75 },
    });
    const edge = (name) => ({
      id: `${name}-edge`, type: "line", source: name,
      paint: { "line-color": colour[name], "line-width": 1, "line-opacity": 0.6 },
    });
    const label = (id, filter, from, weight) => ({
      id, type: "symbol", source: "towns", filter, minzoom: from,
      layout: {
        "text-field": ["get", "name"], "text-font": [weight, "sans-serif"], "text-size": 13,
        "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.8,
        "symbol-sort-key": ["-", 0, ["get", "people"]],
      },
      paint: { "text-color": colour.ink, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    });
    const planned = ["any", ["==", ["get", "kind"], "base"], ["==", ["get", "kind"], "workshop"]];
    const crowded = data.towns.features.length > 300;
    const drawn = {
      version: 8,
      sources: {
        land: source("land"), borders: source("borders"), commuting: source("commuting"),
        freight: source("freight"), ways: source("ways"), towns: source("towns"),
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": colour.sea } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": colour.land, "fill-outline-color": colour.line } },
        ground("commuting"), edge("commuting"), ground("freight"), edge("freight"),
        { id: "borders", type: "line", source: "borders", paint: { "line-color": colour.ink, "line-width": 1, "line-dasharray": [3, 2], "line-opacity": 0.5 } },
        { id: "ways", type: "line", source: "ways", layout: { "line-join": "round" }, paint: { "line-color": colour.freight, "line-width": 2 } },
        { id: "towns", type: "circle", source: "towns", filter: ["==", ["get", "kind"], ""], paint: { "circle-radius": size(2, 11), "circle-color": colour.ink, "circle-opacity": 0.55 } },
        { id: "shops", type: "circle", source: "towns", filter: ["==", ["get", "kind"], "workshop"], paint: { "circle-radius": size(5, 11), "circle-color": colour.freight, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } },
        { id: "bases", type: "circle", source: "towns", filter: ["==", ["get", "kind"], "base"], paint: { "circle-radius": size(7, 12), "circle-color": colour.ink, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } },
        label("other-names", ["all", ["!", planned], ["!", ["get", "head"]]], crowded ? 9 : 7, "normal"),
        label("head-names", ["all", ["!", planned], ["get", "head"]], crowded ? 7.5 : 0, "normal"),
        label("names", planned, 0, "bold"),
      ],
    };
    // Drawn at once as its button says, not first when all is loaded.
    for (const button of document.querySelectorAll("[data-layer]")) {
      for (const layer of drawn.layers.filter((each) => layersOf[button.dataset.layer].includes(each.id))) {
        layer.layout = { ...layer.layout, visibility: isOn(button) ? "visible" : "none" };
      }
    }
    return drawn;
  }

  function toldOf(town) {
    const box = document.createElement("div");
    const line = (words, name) => {
      if (!words) return;
      const part = document.createElement(name || "p");
      part.textContent = words;
      box.append(part);
    };
    line(town.name, "strong");
    line(`${town.people.toLocaleString("en-GB")} people`);
    line(town.area && `Commuting area: ${town.area}`);
    line(town.base && `Tied by freight to ${town.base}`);
    line(town.jobs && `${town.jobs} jobs in workshops`);
    const link = document.createElement("a");
    link.href = `#town-${encodeURIComponent(town.id)}`;
    link.textContent = "More of this town";
    box.append(link);
    return box;
  }

  function drawMap() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = new maplibregl.Map({
      container: "live-map", style: style(), attributionControl: false, cooperativeGestures: true,
      bounds: [[data.bounds[0], data.bounds[1]], [data.bounds[2], data.bounds[3]]],
      maxBounds: [[data.window[0], data.window[1]], [data.window[2], data.window[3]]],
      fitBoundsOptions: { padding: 40, maxZoom: 11 }, fadeDuration: still ? 0 : 300, dragRotate: false,
    });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    map.addControl(new maplibregl.ScaleControl({ unit: "metric" }));
    const buttons = [...document.querySelectorAll("[data-layer]")];
    const show = () => {
      for (const button of buttons) {
        for (const layer of layersOf[button.dataset.layer]) {
          map.setLayoutProperty(layer, "visibility", isOn(button) ? "visible" : "none");
        }
      }
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(!isOn(button)));
        show();
      });
    }
    map.on("load", show);  // a button may have been pressed meanwhile
    map.once("idle", () => { document.documentElement.dataset.map = "idle"; });
    const dots = ["towns", "shops", "bases"];
    map.on("click", (event) => {
      const near = [[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]];
      const hit = map.queryRenderedFeatures(near, { layers: dots });
      if (!hit.length) return;
      const town = hit.reduce((best, next) => (next.properties.people > best.properties.people ? next : best));
      new maplibregl.Popup({ maxWidth: "280px" })
        .setLngLat(town.geometry.coordinates).setDOMContent(toldOf(town.properties)).addTo(map);
    });
    for (const layer of dots) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
    globalThis.comarcaMap = map;
  }

  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
  searchTowns();
  if (globalThis.maplibregl && hasWebGL()) {
    byId("live").hidden = false;
    byId("no-live").hidden = true;
    drawMap();
  }
})();
