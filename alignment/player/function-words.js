/** The words that hold sentences together and tell nothing by themselves, for the languages met most often. */

/** @type {Record<string, string>} by ISO 639-1 code; every other language is judged by how its words are spread */
const LISTS = {
  en: `a about actually after again ah all also always am an and any anything are aren't as at away back be
    because been before being between both but by came can can't come could did do does doing don't done down each
    else enough even ever every everything few for from get gets getting give go goes going gonna good got had has
    have having he her here him his how i if in into is it its just keep kind know last least less let like look lot
    made make makes many may maybe me mean might more most much must my need never no not nothing now of off oh ok
    okay on once one only or other our out over own perhaps pretty put quite rather really right said same say
    saying says see seem seems she should since so some somebody somehow someone something sort still such sure take
    tell than thank thanks that the their them then there these they thing things think this those though through
    time to too two uh um under until up upon us use very want was way we well went were what whatever when where
    whether which while who whole whom whose why will with within without would yeah yes yet you your`,
  de:
    `ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da
    dabei dafür dann daran das dass davon dazu dein dem den denn der des dich die dies diese diesem diesen dieser
    dieses dir doch dort du durch eben ein eine einem einen einer eines einfach einmal er es etwas euch für ganz gar
    gegen geht genau gerade gibt gut habe haben hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer im immer in ins ist ja jede jeder jetzt kann kein keine keinen können könnte machen macht mal man mehr mein
    meine mich mir mit muss müssen nach natürlich nein nicht nichts noch nun nur ob oder ohne okay schon sehr sein
    seine seinen seiner seit selbst sich sie sind so sollte sondern sonst über um und uns unser unsere unter viel vom
    von vor wann war waren warum was weil wenn wer werden wie wieder will wir wird wirklich wo wurde wurden würde zu
    zum zur zwar zwischen`,
  fr:
    `à ai ainsi alors après as au aucun aussi autre autres aux avant avec avez avoir avons bien bon car ce cela
    ces cet cette ceux chez comme comment dans de depuis des deux dire dit donc dont du elle elles en encore entre es
    est et étaient était être eu eux faire fait faut ici il ils je jusqu'à la là le les leur leurs lui ma mais me
    même mes moi moins mon ne ni non nos notre nous on ont ou où oui par parce pas peu peut plus pour pourquoi quand
    que quel quelle quelque quelques qui quoi sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout
    toute toutes très tu un une va vers voilà vos votre vous y`,
  es:
    `a al algo algunos ante antes aquí así aún aunque bien bueno cada como con cómo cual cuando de del desde donde
    dos e el él ella ellas ellos en entonces entre era eran es esa ese eso esta está están estas este esto estos
    estoy fue fueron ha había hace hacer han hasta hay he la las le les lo los más me mi mis mismo mucho muy nada ni
    no nos nosotros o otra otro otros para pero poco por porque pues que qué quien se sea ser si sí sin sobre son
    soy su sus también tan tanto te tener tengo tiene tienen todo todos tu tú un una uno unos va vamos ver y ya yo`,
  it:
    `a ad ai al alla alle allora anche ancora avere aveva bene c'è che chi ci come con così cosa cui da dal dalla
    degli dei del della delle di dove due e è ed era erano essere fa fare fatto gli ha hai hanno ho i il in io la le
    lei lo loro lui ma me mi mia mio molto ne nei nel nella no noi non nostro o ogni per però perché più poi proprio
    può quando quanto quella quelle quelli quello questa queste questi questo qui quindi se sei senza si sia siamo
    sono sta stato su sua sulla suo suoi tra tu tutta tutti tutto un una uno va vi voi`,
  pt:
    `a ao aos aqui as assim até bem cada com como da das de dela dele depois do dois dos e é ela elas ele eles em
    então entre era essa esse esta está estão este eu fazer foi for foram há isso isto já la lá lhe mais mas me mesmo
    meu minha muito na nada não nas nem no nos nós o onde os ou para pela pelo pode por porque pra quando que quem
    se sem ser seu seus só sobre são sua suas também tem têm tinha toda todo todos tudo um uma umas uns vai você
    vocês`,
  nl:
    `aan al als altijd andere bij dan dat de deze die dit doen door dus een eens en er ervan gaan gaat geen gewoon
    haar had hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kunnen maar me meer men met mij mijn moet
    naar nee niet niets nog nu of om omdat ons onze ook op over te tegen toch toen tot u uit van veel voor want waren
    was wat we wel werd wie wij wil worden wordt zal ze zei zich zijn zo zoals zonder zou`,
  pl:
    `a aby ale bardzo bez bo by był była było były być co czy dla do gdy gdzie go i ich im in ja jak jako je jego
    jej jest jestem jeszcze już każdy kiedy kto która które który ma mam mi mnie może można na nam nas nawet nic nie
    nim niż no o od on ona one oni po pod potem przed przez przy się są sobie tak takie tam te tego tej ten teraz też
    to tu ty tylko tym u w we więc właśnie wszystko z za ze że żeby`,
  sv:
    `alla allt att av bara blev bli blir då de dem den denna det dig din du där efter eller en ett från för får ha
    hade han har hon hur här i in inte ja jag kan kommer lite man med men mer mig min mot mycket måste nej ni nu något
    när och också om oss på sedan ser sig sin ska skulle som så till upp ut vad var vara varit vi vid vill är även
    över`,
  ru:
    `а без более бы был была были было быть в вам вас ведь во вот все всё всего всех вы где да даже для до его ее
    её если есть еще ещё же за здесь и из или им их к как какой когда кто ли либо меня мне много может можно мы на
    над надо нам нас не него нет ни них но ну о об он она они оно от очень по под потом потому при просто с сам свой
    себя сейчас со так также такой там тебя тем то того тоже той только том тот ты у уже хорошо чего чем что чтобы
    эта эти это этого этой этом этот я`,
  zh:
    `一个 一些 一样 一下 不是 不会 不能 什么 他们 她们 它们 我们 你们 咱们 自己 大家 这个 这些 这样 这里 这种 那个 那些
    那样 那里 那么 这么 怎么 因为 所以 但是 可是 不过 如果 就是 还是 还有 也是 都是 没有 可以 可能 知道 觉得 现在 时候
    的话 然后 而且 或者 以及 非常 其实 已经 只是 的 了 是 在 和 也 都 就 不`,
  ja:
    `これ それ あれ この その あの ここ そこ どこ こと もの ため よう そう どう とき から まで ので のに けど でも です
    ます ました でした ない する した して いる いた ある あった なる なって という ところ ちょっと とても 私 たち`,
};

/** A text is taken for one of these languages where its list covers this share of the words. */
const COVERED = 0.15;

/** @type {Map<string, Set<string>>} */
const sets = new Map();

/** @param {string} language */
function setOf(language) {
  const made = sets.get(language) ?? new Set(LISTS[language].split(/\s+/));
  sets.set(language, made);
  return made;
}

/**
 * The function words of a language; where it is not known, of the one that the words look like; else none.
 * @param {string | null} language
 * @param {Map<string, number>} counts of the text's words, in lower case
 * @returns {Set<string>}
 */
export function functionWords(language, counts) {
  const code = language?.toLowerCase().split("-")[0] ?? "";
  if (code) return Object.hasOwn(LISTS, code) ? setOf(code) : new Set();
  let all = 0;
  for (const count of counts.values()) all += count;
  let best = { covered: COVERED * all, words: /** @type {Set<string>} */ (new Set()) };
  for (const candidate of Object.keys(LISTS)) {
    const words = setOf(candidate);
    let covered = 0;
    for (const word of words) covered += counts.get(word) ?? 0;
    if (covered > best.covered) best = { covered, words };
  }
  return best.words;
}
