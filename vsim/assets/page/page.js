// Choose the language: ?lang= in the address, else the browser's. Without a script the two buttons still work.
(function () {
  var root = document.documentElement;
  var pick = { en: document.getElementById("lang-en"), zh: document.getElementById("lang-zh") };
  function show() {
    var chinese = pick.zh.checked;
    root.lang = chinese ? "zh-CN" : "en";
    document.title = chinese ? root.dataset.titleZh : root.dataset.titleEn;
  }
  var asked = /[?&]lang=([A-Za-z]+)/.exec(location.search);
  var wanted = (asked ? asked[1] : navigator.language || "en").toLowerCase();
  pick[wanted.indexOf("zh") === 0 ? "zh" : "en"].checked = true;
  pick.en.addEventListener("change", show);
  pick.zh.addEventListener("change", show);
  show();
})();
