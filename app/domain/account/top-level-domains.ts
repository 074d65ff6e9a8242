/**
 * Top-level domains (IANA's root zone), for telling hosts from names whatever their case. Not all of the generic ones:
 * those that are registered most, or named like something that a reader might press.
 */
export const COUNTRIES = new Set(
  (
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ' +
    'ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl ' +
    'gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz ' +
    'la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no ' +
    'np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss ' +
    'st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw'
  ).split(' '),
);

export const COMMON = new Set(
  (
    'com org net info biz edu gov mil int name pro mobi asia aero coop jobs museum travel tel cat post arpa onion ' +
    'xyz top link site online shop app dev page store tech club vip live fun space website click icu work cloud bond life ' +
    'world today email news blog art design agency digital media studio group team company solutions services support center ' +
    'zone city guru expert academy school university education institute college foundation ngo ong global international ' +
    'network systems software technology tools host hosting press press wiki review reviews rocks ninja social video photo ' +
    'photos pics gallery games game play bet casino poker money finance cash loan loans credit bank trade trading market ' +
    'markets capital fund investments insurance health care clinic doctor hospital dental fit yoga beauty hair ' +
    'fashion style shoes clothing jewelry sale deals discount bargains gift gifts promo win win date dating sex sexy porn ' +
    'xxx adult cam webcam chat download stream movie film music radio tv party events tickets tours vacations holiday hotel ' +
    'flights cruises taxi car cars auto bike house homes land estate realestate property rent rentals construction energy ' +
    'solar eco green earth bio farm garden pet dog fish horse baby kids toys family love wedding lol wtf fail cool best one ' +
    'plus pub bar cafe coffee pizza restaurant kitchen wine beer recipes run surf golf football soccer hockey tennis racing ' +
    'ski fitness ltd llc gmbh inc limited ventures partners associates consulting management marketing ' +
    'accountant accountants tax law legal lawyer attorney careers training courses study degree science ' +
    'foo zip mov nexus phd prof esq dad day new how here you me moe ooo ink red blue black pink kim wang xin wiki ' +
    'berlin london paris nyc tokyo moscow amsterdam hamburg koeln wien istanbul vegas miami boston sydney melbourne africa ' +
    'google goog youtube microsoft apple amazon ' +
    'example test invalid localhost local internal home lan'
  ).split(' '),
);

/** Internationalised ones, and a few that look like one. */
export const OTHER_SCRIPTS = new Set(
  (
    'рф рус бг бел ею каз қаз мкд мон срб укр ком орг дети онлайн сайт москва католик сом нет инфо ελ ευ հայ გე ישראל קום ' +
    'مصر قطر تونس عمان عراق ایران ايران اردن الاردن الجزائر السعودية السعوديه المغرب امارات البحرين بارت بھارت پاکستان پاكستان سودان سورية سوريا فلسطين ' +
    'مليسيا موريتانيا همراه شبكة موقع بازار كوم كاثوليك عرب العليان ارامكو ابوظبي اتصالات بيتك ڀارت ' +
    'भारत भारतम् भारोत ভারত ভাৰত ਭਾਰਤ ભારત ଭାରତ இந்தியா இலங்கை சிங்கப்பூர் భారత్ ಭಾರತ ഭാരതം ලංකා বাংলা नेट संगठन कॉम ' +
    'ไทย ຄາວ ລາວ คอม 中国 中國 香港 台湾 台灣 臺灣 澳门 澳門 新加坡 한국 삼성 닷컴 닷넷 公司 网络 網絡 网址 网站 在线 中文网 中信 集团 公益 政务 机构 ' +
    '组织机构 商城 商店 商标 手机 移动 信息 娱乐 时尚 世界 企业 佛山 广东 我爱你 健康 慈善 招聘 游戏 点看 餐厅 食品 珠宝 购物 通販 ' +
    '家電 书籍 诺基亚 八卦 嘉里 嘉里大酒店 大众汽车 天主教 新闻 大拿 淡马锡 联通 飞利浦 电讯盈科 谷歌 みんな コム ファッション ストア ' +
    'セール クラウド ポイント グーグル アマゾン'
  ).split(' '),
);
