// parse-two-factor, MIT OR Apache-2.0. Built from browser/ in its repository.
// With Lit, © 2017 Google LLC, BSD-3-Clause: https://lit.dev
var Ot=Object.defineProperty;var a=(n,t)=>Ot(n,"name",{value:t,configurable:!0});var re=(n,t)=>{for(var e in t)Ot(n,e,{get:t[e],enumerable:!0})};var J=globalThis,G=J.ShadowRoot&&(J.ShadyCSS===void 0||J.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,dt=Symbol(),Pt=new WeakMap,I=class{static{a(this,"n")}constructor(t,e,s){if(this._$cssResult$=!0,s!==dt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(G&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=Pt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&Pt.set(e,t))}return t}toString(){return this.cssText}},Ut=a(n=>new I(typeof n=="string"?n:n+"",void 0,dt),"r"),ut=a((n,...t)=>{let e=n.length===1?n[0]:t.reduce((s,i,r)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+n[r+1],n[0]);return new I(e,n,dt)},"i"),Nt=a((n,t)=>{if(G)n.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),i=J.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=e.cssText,n.appendChild(s)}},"S"),pt=G?n=>n:n=>n instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return Ut(e)})(n):n;var{is:ne,defineProperty:oe,getOwnPropertyDescriptor:ae,getOwnPropertyNames:he,getOwnPropertySymbols:ce,getPrototypeOf:le}=Object,Q=globalThis,Rt=Q.trustedTypes,de=Rt?Rt.emptyScript:"",ue=Q.reactiveElementPolyfillSupport,z=a((n,t)=>n,"d"),mt={toAttribute(n,t){switch(t){case Boolean:n=n?de:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,t){let e=n;switch(t){case Boolean:e=n!==null;break;case Number:e=n===null?null:Number(n);break;case Object:case Array:try{e=JSON.parse(n)}catch{e=null}}return e}},Lt=a((n,t)=>!ne(n,t),"f"),Dt={attribute:!0,type:String,converter:mt,reflect:!1,useDefault:!1,hasChanged:Lt};Symbol.metadata??=Symbol("metadata"),Q.litPropertyMetadata??=new WeakMap;var w=class extends HTMLElement{static{a(this,"y")}static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Dt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(t,s,e);i!==void 0&&oe(this.prototype,t,i)}}static getPropertyDescriptor(t,e,s){let{get:i,set:r}=ae(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:i,set(o){let c=i?.call(this);r?.call(this,o),this.requestUpdate(t,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Dt}static _$Ei(){if(this.hasOwnProperty(z("elementProperties")))return;let t=le(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(z("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(z("properties"))){let e=this.properties,s=[...he(e),...ce(e)];for(let i of s)this.createProperty(i,e[i])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,i]of e)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let i=this._$Eu(e,s);i!==void 0&&this._$Eh.set(i,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let i of s)e.unshift(pt(i))}else t!==void 0&&e.push(pt(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Nt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),i=this.constructor._$Eu(t,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:mt).toAttribute(e,s.type);this._$Em=t,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(t,e){let s=this.constructor,i=s._$Eh.get(t);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:mt;this._$Em=i;let c=o.fromAttribute(e,r.type);this[i]=c??this._$Ej?.get(i)??c,this._$Em=null}}requestUpdate(t,e,s,i=!1,r){if(t!==void 0){let o=this.constructor;if(i===!1&&(r=this[t]),s??=o.getPropertyOptions(t),!((s.hasChanged??Lt)(r,e)||s.useDefault&&s.reflect&&r===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),r!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),i===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,c=this[i];o!==!0||this._$AL.has(i)||c===void 0||this.C(i,void 0,r,c)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};w.elementStyles=[],w.shadowRootOptions={mode:"open"},w[z("elementProperties")]=new Map,w[z("finalized")]=new Map,ue?.({ReactiveElement:w}),(Q.reactiveElementVersions??=[]).push("2.1.2");var vt=globalThis,Mt=a(n=>n,"i"),X=vt.trustedTypes,It=X?X.createPolicy("lit-html",{createHTML:a(n=>n,"createHTML")}):void 0,Bt="$lit$",b=`lit$${Math.random().toFixed(9).slice(2)}$`,Ft="?"+b,pe=`<${Ft}>`,A=document,q=a(()=>A.createComment(""),"c"),W=a(n=>n===null||typeof n!="object"&&typeof n!="function","a"),_t=Array.isArray,me=a(n=>_t(n)||typeof n?.[Symbol.iterator]=="function","d"),ft=`[ 	
\f\r]`,H=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,zt=/-->/g,Ht=/>/g,x=RegExp(`>|${ft}(?:([^\\s"'>=/]+)(${ft}*=${ft}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),qt=/'/g,Wt=/"/g,Yt=/^(?:script|style|textarea|title)$/i,xt=a(n=>(t,...e)=>({_$litType$:n,strings:t,values:e}),"x"),d=xt(1),Vt=xt(2),qe=xt(3),S=Symbol.for("lit-noChange"),l=Symbol.for("lit-nothing"),jt=new WeakMap,k=A.createTreeWalker(A,129);function Kt(n,t){if(!_t(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return It!==void 0?It.createHTML(t):t}a(Kt,"V");var fe=a((n,t)=>{let e=n.length-1,s=[],i,r=t===2?"<svg>":t===3?"<math>":"",o=H;for(let c=0;c<e;c++){let h=n[c],u,m,p=-1,f=0;for(;f<h.length&&(o.lastIndex=f,m=o.exec(h),m!==null);)f=o.lastIndex,o===H?m[1]==="!--"?o=zt:m[1]!==void 0?o=Ht:m[2]!==void 0?(Yt.test(m[2])&&(i=RegExp("</"+m[2],"g")),o=x):m[3]!==void 0&&(o=x):o===x?m[0]===">"?(o=i??H,p=-1):m[1]===void 0?p=-2:(p=o.lastIndex-m[2].length,u=m[1],o=m[3]===void 0?x:m[3]==='"'?Wt:qt):o===Wt||o===qt?o=x:o===zt||o===Ht?o=H:(o=x,i=void 0);let y=o===x&&n[c+1].startsWith("/>")?" ":"";r+=o===H?h+pe:p>=0?(s.push(u),h.slice(0,p)+Bt+h.slice(p)+b+y):h+b+(p===-2?c:y)}return[Kt(n,r+(n[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},"N"),j=class n{static{a(this,"S")}constructor({strings:t,_$litType$:e},s){let i;this.parts=[];let r=0,o=0,c=t.length-1,h=this.parts,[u,m]=fe(t,e);if(this.el=n.createElement(u,s),k.currentNode=this.el.content,e===2||e===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(i=k.nextNode())!==null&&h.length<c;){if(i.nodeType===1){if(i.hasAttributes())for(let p of i.getAttributeNames())if(p.endsWith(Bt)){let f=m[o++],y=i.getAttribute(p).split(b),O=/([.?@])?(.*)/.exec(f);h.push({type:1,index:r,name:O[2],strings:y,ctor:O[1]==="."?yt:O[1]==="?"?wt:O[1]==="@"?bt:U}),i.removeAttribute(p)}else p.startsWith(b)&&(h.push({type:6,index:r}),i.removeAttribute(p));if(Yt.test(i.tagName)){let p=i.textContent.split(b),f=p.length-1;if(f>0){i.textContent=X?X.emptyScript:"";for(let y=0;y<f;y++)i.append(p[y],q()),k.nextNode(),h.push({type:2,index:++r});i.append(p[f],q())}}}else if(i.nodeType===8)if(i.data===Ft)h.push({type:2,index:r});else{let p=-1;for(;(p=i.data.indexOf(b,p+1))!==-1;)h.push({type:7,index:r}),p+=b.length-1}r++}}static createElement(t,e){let s=A.createElement("template");return s.innerHTML=t,s}};function P(n,t,e=n,s){if(t===S)return t;let i=s!==void 0?e._$Co?.[s]:e._$Cl,r=W(t)?void 0:t._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(n),i._$AT(n,e,s)),s!==void 0?(e._$Co??=[])[s]=i:e._$Cl=i),i!==void 0&&(t=P(n,i._$AS(n,t.values),i,s)),t}a(P,"M");var gt=class{static{a(this,"R")}constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,i=(t?.creationScope??A).importNode(e,!0);k.currentNode=i;let r=k.nextNode(),o=0,c=0,h=s[0];for(;h!==void 0;){if(o===h.index){let u;h.type===2?u=new B(r,r.nextSibling,this,t):h.type===1?u=new h.ctor(r,h.name,h.strings,this,t):h.type===6&&(u=new $t(r,this,t)),this._$AV.push(u),h=s[++c]}o!==h?.index&&(r=k.nextNode(),o++)}return k.currentNode=A,i}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},B=class n{static{a(this,"k")}get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,i){this.type=2,this._$AH=l,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=P(this,t,e),W(t)?t===l||t==null||t===""?(this._$AH!==l&&this._$AR(),this._$AH=l):t!==this._$AH&&t!==S&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):me(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==l&&W(this._$AH)?this._$AA.nextSibling.data=t:this.T(A.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,i=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=j.createElement(Kt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(e);else{let r=new gt(i,this),o=r.u(this.options);r.p(e),this.T(o),this._$AH=r}}_$AC(t){let e=jt.get(t.strings);return e===void 0&&jt.set(t.strings,e=new j(t)),e}k(t){_t(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,i=0;for(let r of t)i===e.length?e.push(s=new n(this.O(q()),this.O(q()),this,this.options)):s=e[i],s._$AI(r),i++;i<e.length&&(this._$AR(s&&s._$AB.nextSibling,i),e.length=i)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=Mt(t).nextSibling;Mt(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},U=class{static{a(this,"H")}get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,i,r){this.type=1,this._$AH=l,this._$AN=void 0,this.element=t,this.name=e,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=l}_$AI(t,e=this,s,i){let r=this.strings,o=!1;if(r===void 0)t=P(this,t,e,0),o=!W(t)||t!==this._$AH&&t!==S,o&&(this._$AH=t);else{let c=t,h,u;for(t=r[0],h=0;h<r.length-1;h++)u=P(this,c[s+h],e,h),u===S&&(u=this._$AH[h]),o||=!W(u)||u!==this._$AH[h],u===l?t=l:t!==l&&(t+=(u??"")+r[h+1]),this._$AH[h]=u}o&&!i&&this.j(t)}j(t){t===l?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},yt=class extends U{static{a(this,"I")}constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===l?void 0:t}},wt=class extends U{static{a(this,"L")}constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==l)}},bt=class extends U{static{a(this,"z")}constructor(t,e,s,i,r){super(t,e,s,i,r),this.type=5}_$AI(t,e=this){if((t=P(this,t,e,0)??l)===S)return;let s=this._$AH,i=t===l&&s!==l||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,r=t!==l&&(s===l||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},$t=class{static{a(this,"Z")}constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){P(this,t)}};var ge=vt.litHtmlPolyfillSupport;ge?.(j,B),(vt.litHtmlVersions??=[]).push("3.3.3");var Jt=a((n,t,e)=>{let s=e?.renderBefore??t,i=s._$litPart$;if(i===void 0){let r=e?.renderBefore??null;s._$litPart$=i=new B(t.insertBefore(q(),r),r,void 0,e??{})}return i._$AI(n),i},"D");var kt=globalThis,$=class extends w{static{a(this,"i")}constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=Jt(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return S}};$._$litElement$=!0,$.finalized=!0,kt.litElementHydrateSupport?.({LitElement:$});var ye=kt.litElementPolyfillSupport;ye?.({LitElement:$});(kt.litElementVersions??=[]).push("4.2.2");var we={1:"tryAgain",209:"signedOut",4011:"expired",4012:"expired",4013:"tooManyWrong",4015:"tooMany",4016:"notSetUp",4017:"badNumber",4018:"notSent",4019:"codesDisabled",4022:"tryAgain",4025:"codeUsed",4026:"notReachable",4027:"notOffered",4028:"lastStays",4029:"full"},be={NoConnection:"noConnection",PasskeyNotUsed:"passkeyNotUsed",WrongPassword:"wrongPassword"};function Gt(n,t,e){let{name:s,code:i,attemptsLeft:r,retryAt:o,message:c}=n;if(s==="WrongCode"){let u=t(e==="webauthn"?"wrongPasskey":"wrongCode");if(r===void 0)return u;if(r===0)return t("tooManyWrong");let m=r===1?t("lastTry"):t("triesLeft",{n:r});return`${u} ${m}`}if(o){let u=E(o);return i===4014?t("tooSoon",{n:u}):t("tooManyUntil",{time:F(u)})}let h=be[s]??we[i];return h?t(h):String(c)}a(Gt,"refusalText");var E=a(n=>Math.max(0,Math.ceil(((n?.getTime()??0)-Date.now())/1e3)),"secondsUntil"),F=a(n=>`${Math.floor(n/60)}:${String(n%60).padStart(2,"0")}`,"clock");var At=["sms","call","whatsapp","email"],$e=6,N=class{static{a(this,"ChallengePart")}#t;#e;#s="";#i;#a;#r;constructor(t){this.#t=t}get active(){return this.#e!==void 0}begin(t,e,s=!0){this.#e=t,this.#i=e,this.#o(t.method),this.#n(),t.method==="webauthn"&&s&&this.#l()}end(){this.#e=void 0,clearTimeout(this.#a),this.#r?.abort(),this.#t.requestUpdate()}#o(t){this.#s=t,this.#t.error=void 0,this.#t.renderRoot.querySelector("details")?.removeAttribute("open"),this.#t.focusOn(t==="webauthn"?"passkey":"code"),this.#r?.abort(),t==="sms"&&this.#p()}#n(){clearTimeout(this.#a),this.active&&(this.#t.requestUpdate(),this.#a=setTimeout(()=>this.#n(),1e3))}async#h(t,e){let s=await this.#t.answer(e,t,{method:this.#s,over:a(r=>this.#c(r),"over")});if(!s||!this.#i)return;let{done:i}=this.#i;this.end(),i(s)}#c(t){let e=this.#i?.over;this.end(),e?.(t)}#u(t){let s={method:this.#s,...this.#d()};return this.#h(()=>this.#e.answer(t,s),"code")}#l(){return this.#h(()=>this.#e.usePasskey(this.#d()),"passkey")}#d(){return this.#t.renderRoot.querySelector("input[name=trust]")?.checked?{trust:!0}:{}}#f(t){let{tell:e}=this.#t;return this.#t.attempt("code",async()=>{try{await this.#e.resend(t&&{method:t})}catch(s){if(!s.startAgain)throw s;return this.#c(s)}this.#o(this.#e.method),this.#t.notice=e("resent")})}#g(t){if(At.includes(t)&&t!==this.#e.method)return this.#f(t);if(this.#o(t),t==="webauthn")return this.#l()}async#p(){if(!("OTPCredential"in globalThis))return;this.#r=new AbortController;let{signal:t}=this.#r,e={transport:["sms"]};try{let s=await navigator.credentials.get({otp:e,signal:t});s&&!t.aborted&&this.#u(s.code)}catch{}}#m=a(({target:t})=>{let e=this.#s==="totp"?$e:this.#t.codeLength,s=t.value.replace(/[\s-]/g,"");At.concat("totp").includes(this.#s)&&s.length===e&&t.form.requestSubmit()},"#typed");render(){let t=this.#e,e=this.#t,{tell:s}=e,i=this.#s,r=E(t.expiresAt),o=s(`ask_${i}`,{to:t.to});return d`${e.heading(s("confirmItsYou"),o)}
      ${r>0?this.#b(r):this.#y()}
      <div class="row apart" part="actions">
        ${r>0&&At.includes(i)?this.#w():l}
        ${e.button(r>0?s(this.#i?.last??"cancel"):s("startAgain"),()=>{t.cancel(),this.#c()},{id:"over"})}
      </div>
      ${r>0?this.#$():l}`}#y(){return d`<p class="error problem" part="error" role="alert">
      ${this.#t.tell("codeExpired")}
    </p>`}#w(){let{tell:t}=this.#t,e=E(this.#e.resendAt);return this.#t.button(e>0?t("resendIn",{n:e}):t("resend"),()=>this.#f(),{id:"resend",disabled:e>0})}#b(t){let e=this.#t,{tell:s}=e,{trustDays:i}=this.#e,r=i&&this.#s!=="recovery"?e.check("trust",s("trust",{n:i})):l;if(this.#s==="webauthn")return d`${e.messages("passkey")}${r}
      ${e.button(s("usePasskey"),()=>this.#l(),{id:"passkey",kind:"primary"})}`;let o=this.#s==="recovery",c=s("goodFor",{time:F(t)});return d`${e.form(d`${e.field({name:"code",label:s(o?"recovery":"code"),autocomplete:o?"off":"one-time-code",inputmode:o?"text":"numeric",digits:!o,described:"lede",input:this.#m,hint:d`<span role="timer">${c}</span>`})}${r}`,s("continue"),({code:h})=>this.#u(h))}
      <p class="notice" part="notice" role="status">
        ${e.notice||l}
      </p>`}#$(){let t=this.#e.methods.filter(e=>e!==this.#s&&(e!=="webauthn"||this.#t.client.knowsPasskeys));return t.length===0?l:d`<details part="others">
      <summary id="others">${this.#t.tell("otherWays")}</summary>
      <div class="ways">
        ${t.map(e=>this.#t.button(this.#t.way(e),()=>this.#g(e),{id:`way-${e}`}))}
      </div>
    </details>`}};var R=class{static{a(this,"CodesPart")}#t;#e=[];#s=a(()=>{},"#done");constructor(t){this.#t=t}get active(){return this.#e.length>0}begin(t,e){this.#e=t,this.#s=e,this.#t.focusOn("title")}get#i(){return`${this.#e.join(`
`)}
`}#a(){let t=URL.createObjectURL(new Blob([this.#i],{type:"text/plain"})),e=document.createElement("a");e.href=t,e.download="recovery-codes.txt",e.click(),setTimeout(()=>URL.revokeObjectURL(t),6e4)}#r(){let t=document.createElement("iframe");t.title=this.#t.tell("codes"),Object.assign(t.style,{position:"fixed",inlineSize:"0"}),Object.assign(t.style,{blockSize:"0",border:"0"}),document.body.append(t);let{contentDocument:e,contentWindow:s}=t;if(!e||!s)return;let i=e.createElement("h1");i.textContent=`${this.#t.tell("codes")}: ${location.hostname}`;let r=e.createElement("pre");r.textContent=this.#i,e.body.append(i,r),s.addEventListener("afterprint",()=>t.remove()),s.print()}#o(){this.#e=[],this.#t.notice="",this.#s(),this.#t.requestUpdate()}render(){let{tell:t}=this.#t;return d`
      ${this.#t.heading(t("codes"),t("codesWhy"))}
      <ul class="codes block" part="codes" id="codes">
        ${this.#e.map(e=>d`<li>${e}</li>`)}
      </ul>
      <div class="row" part="actions">
        ${this.#t.button(t("copy"),()=>this.#t.copy(this.#i),{id:"copy"})}
        ${this.#t.button(t("download"),()=>this.#a(),{id:"download"})}
        ${this.#t.button(t("print"),()=>this.#r(),{id:"print"})}
      </div>
      ${this.#t.messages()}
      ${this.#t.button(t("saved"),()=>this.#o(),{id:"saved",kind:"primary"})}
    `}};var g=class extends Error{static{a(this,"TwoFactorError")}name="TwoFactorError";code;attemptsLeft;retryAt;startAgain;constructor(t,e={}){super(t),Object.assign(this,e)}},Z=class extends g{static{a(this,"WrongPassword")}name="WrongPassword"},C=class extends g{static{a(this,"WrongCode")}name="WrongCode"},tt=class extends g{static{a(this,"CodeUsed")}name="CodeUsed"},Y=class extends g{static{a(this,"Expired")}name="Expired"},v=class extends g{static{a(this,"TooMany")}name="TooMany"},et=class extends g{static{a(this,"NotReachable")}name="NotReachable"},D=class extends g{static{a(this,"StepUpRequired")}name="StepUpRequired"},V=class extends g{static{a(this,"PasskeyNotUsed")}name="PasskeyNotUsed"},st=class extends g{static{a(this,"NoConnection")}name="NoConnection"},ve={4011:Y,4012:Y,4013:v,4014:v,4015:v,4020:D,4024:C,4025:tt,4026:et},_e={101:["Invalid username/password.",Z],141:["Invalid 2fa code",C]},xe=[100,107,124];function Qt(n){let{code:t,message:e=String(n)}=n??{};if(!Number.isInteger(t)||xe.includes(t))return new st(e,{code:t,cause:n});let[s,i]=_e[t]??[],r=ve[t]??(i&&s===e?i:g),o=/[0-9]+/.exec(e)?.[0];return new r(e,{code:t,cause:n,...t===4024&&o&&{attemptsLeft:Number(o)},...(t===4014||t===4015)&&o&&{retryAt:K(Number(o))},...[4011,4012,4013].includes(t)&&{startAgain:!0},...t===4013&&{attemptsLeft:0}})}a(Qt,"nameOf");var K=a(n=>new Date(Date.now()+n*1e3),"secondsFromNow");var it=class{static{a(this,"Awaited")}#t;constructor(t,e){this.#t=t,this.take(e)}take({expiresIn:t,resendIn:e,attempts:s,expiresAt:i,resendAt:r,...o}){Object.assign(this,o);let c=a((h,u)=>h===void 0?u===void 0?void 0:new Date(u):K(h),"at");this.expiresAt=c(t,i),this.resendAt=c(e,r),this.attemptsLeft=s??o.attemptsLeft??this.attemptsLeft}async hand(t){try{let e=await this.#t.answer(t);return await this.#t.keep(),e}catch(e){throw await this.#e(e),e}}async#e(t){t instanceof C&&this.attemptsLeft!==void 0&&(t.attemptsLeft??=Math.max(0,this.attemptsLeft-1)),t.attemptsLeft!==void 0&&(this.attemptsLeft=t.attemptsLeft),t.startAgain?await this.#t.keep():await this.#t.keep(this)}passkey(t){return this.#t.passkey(t)}async again(t){try{return this.take(await this.#t.resend(t)),await this.#t.keep(this),this}catch(e){throw e instanceof v&&e.retryAt&&(this.resendAt=e.retryAt),await this.#e(e),e}}cancel(){return this.#t.keep()}},rt=class extends it{static{a(this,"Challenge")}constructor(t,e){super(t,e),this.status="challenge",this.challenge=e.challenge,this.publicKey=e.publicKey}answer(t,e){return this.hand({challenge:this.challenge,code:t,...e})}async usePasskey(t){let e=await this.passkey(this.publicKey);return this.hand({challenge:this.challenge,credential:e,...t})}resend(t){return this.again({challenge:this.challenge,...t})}},nt=class extends it{static{a(this,"Enrollment")}constructor(t,e){super(t,e),this.enrollment=e.enrollment,this.publicKey=e.publicKey}confirm(t,e){return this.hand({enrollment:this.enrollment,code:t,...e})}async createPasskey(t){let e=await this.passkey(this.publicKey);return this.hand({enrollment:this.enrollment,credential:e,...t})}resend(t){return this.again({enrollment:this.enrollment,...t})}};function ke(){try{return globalThis.sessionStorage}catch{return}}a(ke,"sessionStorageIfAny");function Ae(n){let t=2166136261;for(let e of n)t=Math.imul(t^e.codePointAt(0),16777619);return(t>>>0).toString(36)}a(Ae,"shortened");var ot=class{static{a(this,"Memory")}#t;#e;#s;constructor(t,{storage:e=ke(),devices:s}){this.#t=t,this.#e=e??void 0,this.#s=s}get#i(){return`parse-two-factor:${this.#t.applicationId??""}`}async pending(){try{return JSON.parse(await this.#e?.getItem(this.#i)??"null")}catch{return null}}async keep(t){try{t?await this.#e?.setItem(this.#i,JSON.stringify(t)):await this.#e?.removeItem(this.#i)}catch{}}place({username:t,email:e,authData:s}){let i=JSON.stringify([t,e,s&&Se(s)]);return`${this.#i}:${Ae(i)}`}async device(t){return await this.#s?.getItem(t)??void 0}async keepDevice(t,e){e&&await this.#s?.setItem(t,e),e===null&&await this.#s?.removeItem(t)}},Se=a(n=>Object.entries(n).map(([t,e])=>[t,e?.id]),"idOf");var St={};re(St,{create:()=>Ce,isKnown:()=>Ee,use:()=>Te});var at=a(n=>Uint8Array.from(atob(n.replace(/-/g,"+").replace(/_/g,"/")),t=>t.charCodeAt(0)),"bytesOf"),L=a(n=>btoa(String.fromCharCode(...new Uint8Array(n))).replace(/\+/g,"-").replace(/\//g,"_").replace(/=/g,""),"textOf"),Xt=a(n=>n.map(t=>({...t,id:at(t.id)})),"withBytes"),Ee=a(()=>"PublicKeyCredential"in globalThis,"isKnown");async function Ce(n){let{challenge:t,user:e,excludeCredentials:s}=n,i=await Zt("create",{...n,challenge:at(t),user:{...e,id:at(e.id)},excludeCredentials:Xt(s)}),{clientDataJSON:r,attestationObject:o}=i.response;return te(i,{clientDataJSON:L(r),attestationObject:L(o),transports:i.response.getTransports?.()})}a(Ce,"create");async function Te(n){let{challenge:t,allowCredentials:e}=n,s=await Zt("get",{...n,challenge:at(t),allowCredentials:Xt(e)}),{clientDataJSON:i,authenticatorData:r,signature:o,userHandle:c}=s.response;return te(s,{clientDataJSON:L(i),authenticatorData:L(r),signature:L(o),userHandle:c?L(c):void 0})}a(Te,"use");async function Zt(n,t){try{return await navigator.credentials[n]({publicKey:t})}catch(e){let{message:s}=e;throw new V(s,{cause:e})}}a(Zt,"ask");var te=a(({id:n,type:t},e)=>({id:n,rawId:n,type:t,clientExtensionResults:{},response:e}),"credential");var ee=["totp","sms","call","whatsapp","email","recovery"],ht=class{static{a(this,"TwoFactorClient")}#t;#e;#s;#i;constructor(t,e={}){this.#t=t,this.#e=e,this.#s=new ot(t,e),this.#i=e.passkeys??St}get knowsPasskeys(){return this.#i.isKnown()}async signIn(t){let e=this.#s.place(t),s=await this.#s.device(e);await this.#s.keep();let i={...this.#a(),...s&&{device:s},...t},r;try{r=await this.#n("login",i)}catch(o){if(o.code!==Oe)throw o;await this.#t.User?.logOut().catch(()=>{}),r=await this.#n("login",i)}return this.#r("login",r,e)}async resume(){let t=await this.#s.pending();if(!(t&&new Date(t.expiresAt)>new Date))return;let{place:e,...s}=t;return this.#o("login",s,e)}status(t){return this.#n("twoFactorStatus",t)}async enroll(t){let e=await this.#n("enrollTwoFactor",t);return new nt({answer:a(s=>this.confirm(s),"answer"),resend:a(s=>this.#n("resendCode",s),"resend"),passkey:a(s=>this.#i.create(s),"passkey"),keep:a(async()=>{},"keep")},e)}confirm(t){return this.#n("confirmTwoFactor",t)}rename(t){return this.#n("renameTwoFactor",t)}remove(t){return this.#n("removeTwoFactor",t)}forgetDevice(t){return this.#n("forgetDevice",t)}newRecoveryCodes(){return this.#n("newRecoveryCodes")}async stepUp(t){let e=await this.#n("stepUp",{...this.#a(),...t});return this.#r("stepUp",e)}async withStepUp(t,e=this.#e.prove){try{return await t()}catch(s){let{code:i,message:r}=s;if(i!==Pe)throw s;let o=await this.stepUp();if(!e){let c=new D(r,{code:i,cause:s});throw Object.assign(c,{challenge:o})}return await e(o),t()}}#a(){let{methods:t=this.knowsPasskeys?["webauthn",...ee]:ee}=this.#e;return{methods:t}}async#r(t,{device:e,...s},i){if(i&&await this.#s.keepDevice(i,e),s.challenge){let r=this.#o(t,s,i);return i&&await this.#s.keep({...r,place:i}),r}if(s.enroll){let{expiresIn:r,...o}=s;return{...o,expiresAt:K(r)}}return{...s,...e!==void 0&&{device:e}}}#o(t,e,s){return new rt({answer:a(async i=>this.#r(t,await this.#n(t,i),s),"answer"),resend:a(i=>this.#n("resendCode",i),"resend"),passkey:a(i=>this.#i.use(i),"passkey"),keep:a(async i=>{s&&await this.#s.keep(i&&{...i,place:s})},"keep")},e)}async#n(t,e={}){let{functions:s={},sessionToken:i}=this.#e,r=typeof i=="function"?i():i;try{return await this.#t.Cloud.run(s[t]??t,e,r?{sessionToken:r}:{})}catch(o){throw Qt(o)}}},Oe=209,Pe=4020;var T={signIn:"Sign in",username:"Username",email:"Email",password:"Password",required:"Please fill this in.",webauthn:"Passkey",totp:"Authenticator app",sms:"Text message",call:"Phone call",whatsapp:"WhatsApp",emailCode:"Email",recovery:"Recovery code",confirmItsYou:"Confirm it’s you",code:"Code",ask_webauthn:"Use your passkey or security key.",ask_totp:"Enter the code from your authenticator app.",ask_sms:"Enter the code we sent to {to}.",ask_call:"Answer the call to {to}, then enter the code you hear.",ask_whatsapp:"Enter the code we sent to {to} on WhatsApp.",ask_email:"Enter the code we emailed to {to}.",ask_recovery:"Enter one of your recovery codes. Each one works once.",goodFor:"Good for {time}.",continue:"Continue",usePasskey:"Use passkey",trust:"Don’t ask again on this browser for {n} days",resend:"Send a new code",resendIn:"Send a new code in {n} s",resent:"A new code is on its way. The old one no longer counts.",otherWays:"Try another way",startAgain:"Start again",cancel:"Cancel",back:"Back",setUp:"Set up two-factor sign-in",needed:"Your account needs a second factor. Choose how you want to confirm it’s you.",add:"Add another way",chooseWay:"Choose how you want to confirm it’s you.",phoneNumber:"Phone number",phoneHint:"With + and the country code, as in +1 415 555 0123.",passwordNeeded:"Enter your password to go on.",sendCode:"Send code",scan:"Scan this with your authenticator app, then enter the code it shows.",qr:"QR code for your authenticator app",orType:"Can’t scan it? Type this key into the app:",openApp:"Open in an app on this device",copy:"Copy",copied:"Copied.",notCopied:"This browser did not let us copy. Select the text and copy it.",endOthers:"Sign out everywhere else",makePasskey:"Your device will ask you to make a passkey.",codes:"Recovery codes",codesWhy:"Save these codes. If you lose your device, each of them lets you in once. They are not shown again.",print:"Print",download:"Download",saved:"I saved them",settings:"Two-factor sign-in",none:"Your account has no second factor yet. Add one, so that a stolen password is not enough.",disabled:"Codes are turned off after too many wrong ones. Sign in with a passkey or a recovery code to turn them on again.",added:"Added {date}",rename:"Rename",renameWhat:"Rename {name}",name:"Name",save:"Save",remove:"Remove",removeWhat:"Remove {name}",removeSure:"Remove {name}? You can no longer confirm with it.",keepLast:"Your account needs one, so the last one stays.",codesLeft:"Codes left: {n}",newCodes:"Get new codes",newCodesSure:"Your old codes stop working.",devices:"Trusted browsers",until:"Trusted until {date}",forget:"Forget",forgetWhat:"Forget {name}",forgetAll:"Forget all",loading:"Loading …",retry:"Try again",wasAdded:"Added.",wasRemoved:"Removed.",wasRenamed:"Renamed.",wasForgotten:"That browser is no longer trusted.",othersEnded:"You are signed out everywhere else.",othersNotEnded:"Some other sessions could not be ended.",wrongPassword:"The name or the password is not right.",wrongOwnPassword:"The password is not right.",wrongCode:"That code is not right.",wrongPasskey:"The passkey was not accepted.",triesLeft:"{n} tries left.",lastTry:"One try left.",codeUsed:"That code was used before. Wait for the next one in your app.",expired:"That took too long. Please start again.",codeExpired:"The code has expired. Please start again.",tooManyWrong:"Too many wrong codes. Please start again.",tooMany:"Too many tries for now. Try again in a few minutes.",tooManyUntil:"Too many tries for now. Try again in {time}.",tooSoon:"A code was sent a moment ago. You can ask for another in {n} s.",notReachable:"No message can reach this number. Check it, or use another way.",badNumber:"No code can be sent to this number. Write it with + and the country code.",notSent:"The message could not be sent. Please try again.",codesDisabled:"Codes are turned off after too many wrong ones. Use a passkey or a recovery code.",notSetUp:"This way is not set up for your account.",notOffered:"This app does not offer that.",lastStays:"Your account needs a second factor. Add another one first.",full:"There are too many already. Remove one first.",tryAgain:"That did not go through. Please try again.",noConnection:"No connection. Check your network and try again.",passkeyNotUsed:"The passkey was not used. Try again, or use another way.",signedOut:"You are signed out. Sign in again."};var Ue={bg:a(()=>import("./lang/bg.mjs"),"bg"),de:a(()=>import("./lang/de.mjs"),"de"),es:a(()=>import("./lang/es.mjs"),"es"),fr:a(()=>import("./lang/fr.mjs"),"fr"),it:a(()=>import("./lang/it.mjs"),"it"),ja:a(()=>import("./lang/ja.mjs"),"ja"),pt:a(()=>import("./lang/pt.mjs"),"pt"),zh:a(()=>import("./lang/zh.mjs"),"zh")};async function se(n){let t=Ue[n.toLowerCase().split(/[-_]/)[0]];try{return t?(await t()).default:T}catch{return T}}a(se,"textsIn");function Et(n){let{lang:t}=n;if(t)return t;for(let e=n;e;e=e.getRootNode().host){let s=e.closest("[lang]");if(s)return s.lang}return""}a(Et,"languageOf");var ie=ut`
  :host {
    --_accent: var(--two-factor-accent, light-dark(#1d5c56, #86cdc2));
    --_on-accent: var(--two-factor-on-accent, light-dark(#fff, #0e2623));
    --_text: var(--two-factor-text, light-dark(#1d1c1a, #ecebe7));
    --_muted: var(--two-factor-muted, light-dark(#67635b, #a3a098));
    --_line: var(--two-factor-line, light-dark(#dcd8cf, #3b4045));
    --_edge: var(--two-factor-edge, light-dark(#8b867c, #7d8287));
    --_field: var(--two-factor-field, light-dark(#fff, #14171a));
    --_bad: var(--two-factor-danger, light-dark(#9a2f27, #f0a199));
    --_good: var(--two-factor-success, light-dark(#1c6541, #8bd3ab));
    --_radius: var(--two-factor-radius, 0.625rem);
    display: block;
    color: var(--_text);
    font: var(--two-factor-font, inherit);
    line-height: 1.5;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  .title,
  .subtitle,
  p,
  ul,
  ol {
    margin: 0;
  }

  ul,
  ol {
    padding: 0;
    list-style: none;
  }

  /* They get the focus when what they stand over is new, so that it is read out; nobody can do anything with them. */
  .title,
  #sure {
    outline: none;
  }

  .title {
    font-size: 1.75em;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
  }

  .subtitle {
    margin-block-start: 1.75rem;
    font-size: 1em;
    font-weight: 650;
  }

  .lede {
    margin-block-start: 0.5rem;
    color: var(--_muted);
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }

  form,
  .block {
    margin-block-start: 1.5rem;
  }

  .field + .field,
  .field + .check,
  .check + .check {
    margin-block-start: 1rem;
  }

  label {
    display: block;
    margin-block-end: 0.375rem;
    font-size: 0.875em;
    font-weight: 600;
  }

  input:not([type="checkbox"]) {
    display: block;
    inline-size: 100%;
    min-inline-size: 0;
    padding: 0.6875rem 0.875rem;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_field);
    color: inherit;
    font: inherit;
  }

  input[aria-invalid="true"]:not([type="checkbox"]) {
    border-color: var(--_bad);
    box-shadow: inset 0 0 0 1px var(--_bad);
  }

  input.digits {
    padding-block: 0.5rem;
    font-size: 1.5em;
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.22em;
  }

  .check {
    display: flex;
    gap: 0.625rem;
    align-items: baseline;
    margin-block: 1rem 0;
    font-size: 0.9375em;
    font-weight: 400;
    cursor: pointer;
  }

  .check input {
    flex: none;
    inline-size: 1.125em;
    block-size: 1.125em;
    margin: 0;
    accent-color: var(--_accent);
    translate: 0 0.2em;
  }

  button,
  .link {
    padding: 0.5rem 0.875rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: none;
    color: inherit;
    font: inherit;
    font-size: 0.875em;
    font-weight: 600;
    line-height: inherit;
    text-align: start;
    text-decoration: none;
    cursor: pointer;
    overflow-wrap: anywhere;
  }

  button:hover,
  .link:hover {
    border-color: var(--_accent);
    color: var(--_accent);
  }

  button.primary {
    inline-size: 100%;
    margin-block-start: 1.25rem;
    padding: 0.6875rem 1rem;
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 1em;
    text-align: center;
  }

  button.primary:hover {
    filter: brightness(0.92);
  }

  button[aria-disabled="true"] {
    cursor: default;
  }

  button[aria-disabled="true"]:not(.primary) {
    border-color: var(--_line);
    color: var(--_muted);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  .primary[aria-disabled="true"] {
    opacity: 0.65;
  }

  :is(input, button, .link, summary):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }

  .row.apart {
    justify-content: space-between;
  }

  .ways {
    display: grid;
    gap: 0.5rem;
    margin-block-start: 1rem;
  }

  .ways button {
    inline-size: 100%;
    padding: 0.75rem 1rem;
    font-size: 1em;
  }

  details {
    margin-block-start: 1.25rem;
  }

  summary {
    border-radius: 0.25rem;
    color: var(--_muted);
    font-size: 0.9375em;
    cursor: pointer;
  }

  .hint {
    margin-block-start: 0.375rem;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }

  .error {
    color: var(--_bad);
    font-size: 0.9375em;
    font-weight: 550;
  }

  .error:not(:empty) {
    margin-block-start: 0.375rem;
  }

  .notice {
    color: var(--_good);
    font-size: 0.9375em;
    font-weight: 550;
  }

  .notice:not(:empty),
  .problem:not(:empty) {
    margin-block-start: 1rem;
  }

  .qr {
    display: block;
    inline-size: min(100%, 12.5rem);
    margin-inline: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    forced-color-adjust: none;
  }

  .secret {
    display: block;
    margin-block: 0.375rem 0.5rem;
    font-family: ui-monospace, monospace;
    font-size: 0.9375em;
    letter-spacing: 0.04em;
    overflow-wrap: anywhere;
  }

  .codes {
    display: grid;
    gap: 0.25rem;
    padding: 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    font-family: ui-monospace, monospace;
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  .items > li {
    padding-block: 0.875rem;
    border-block-end: 1px solid var(--_line);
  }

  .item {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
  }

  .item .row {
    margin: 0;
  }

  .item-text {
    flex: 1 1 12rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .item-name {
    font-weight: 600;
  }

  .item-more {
    color: var(--_muted);
    font-size: 0.875em;
  }

  .item form {
    flex: 1 1 100%;
    margin: 0.25rem 0 0.5rem;
  }

  button.danger {
    color: var(--_bad);
  }

  .or {
    margin-block-start: 1.25rem;
  }

  @media (forced-colors: active) {
    button,
    .link {
      border-color: ButtonBorder;
    }

    input[aria-invalid="true"] {
      border-width: 2px;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    button,
    .link,
    input {
      transition:
        border-color 0.12s,
        color 0.12s,
        filter 0.12s;
    }
  }
`;var Ct=new Error("given up"),_=class extends ${static{a(this,"TwoFactorElement")}static styles=ie;static properties={client:{attribute:!1},texts:{attribute:!1},functions:{attribute:!1},lang:{reflect:!0},codeLength:{type:Number,attribute:"code-length"},headingLevel:{type:Number,attribute:"heading-level"},busy:{state:!0},error:{state:!0},notice:{state:!0},language:{state:!0}};#t;#e;#s;constructor(){super(),this.texts={},this.functions=void 0,this.codeLength=void 0,this.headingLevel=2,this.busy=!1,this.error=void 0,this.notice="",this.language=T}get client(){if(!this.#s&&"Parse"in globalThis){let{Parse:t,localStorage:e}=globalThis;this.#s=new ht(t,{devices:e,functions:this.functions})}return this.#s}set client(t){let e=this.#s;this.#s=t,this.requestUpdate("client",e)}connectedCallback(){super.connectedCallback(),this.#i()}willUpdate(t){t.has("lang")&&this.#i()}async#i(){let t=Et(this);if(t===this.#e)return;this.#e=t;let e=await se(t);t===this.#e&&(this.language=e)}tell=a((t,e={})=>(this.texts[t]??this.language[t]??T[t]).replace(/\{(\w+)\}/g,(i,r)=>String(e[r]??"")),"tell");date(t){let e=Et(this)||void 0;return new Date(t).toLocaleDateString(e,{dateStyle:"medium"})}answer(t,e,{method:s,over:i}){let r=a(async()=>{try{return await e()}catch(o){if(!o.startAgain)throw o;i(o);return}},"answered");return this.attempt(t,r,s)}async attempt(t,e,s){if(!this.busy){this.busy=!0,this.error=void 0,this.notice="";try{return await e()}catch(i){this.refuse(t,i,s);return}finally{this.busy=!1}}}refuse(t,e,s){e!==Ct&&(this.error={field:t,text:Gt(e,this.tell,s)},this.focusOn(t),this.emit("refused",{error:e}))}focusOn(t){this.#t=t,this.requestUpdate()}updated(t){if(super.updated(t),!this.#t)return;let e=this.renderRoot.querySelector(`#${this.#t}`);this.#t=void 0;let s=e??this.renderRoot.querySelector("#title");s?.focus(),s?.select?.()}emit(t,e){let s={detail:e,bubbles:!0,composed:!0};return this.dispatchEvent(new CustomEvent(t,s))}heading(t,e){return d`<div
        class="title"
        part="title"
        id="title"
        role="heading"
        aria-level=${this.headingLevel}
        tabindex="-1"
      >
        ${t}
      </div>
      ${e?d`<p class="lede" part="lede" id="lede">${e}</p>`:l}`}messages(t="problem"){return d`<p class="error problem" part="error" role="alert">
        ${this.error?.field===t?this.error.text:l}
      </p>
      <p class="notice" part="notice" role="status">
        ${this.notice||l}
      </p>`}field({name:t,label:e,type:s="text",autocomplete:i="off",inputmode:r="text",hint:o,digits:c,value:h="",described:u="",input:m}){let p=this.error?.field===t?this.error.text:"";return d`<div class="field" part="field">
      <label for=${t} part="label">${e}</label>
      <input
        id=${t}
        name=${t}
        class=${c?"digits":""}
        part=${c?"input code":"input"}
        type=${s}
        .defaultValue=${h}
        autocomplete=${i}
        inputmode=${r}
        autocapitalize="none"
        spellcheck="false"
        aria-required="true"
        aria-invalid=${p?"true":"false"}
        aria-describedby=${`${t}-error ${t}-hint ${u}`}
        @input=${m}
      />
      <p class="error" part="error" id=${`${t}-error`} role="alert">
        ${p||l}
      </p>
      <p class="hint" part="hint" id=${`${t}-hint`} ?hidden=${!o}>
        ${o}
      </p>
    </div>`}button(t,e,{id:s,kind:i="quiet",disabled:r,label:o}={}){return d`<button
      type="button"
      id=${s??l}
      class=${i}
      part=${`button ${i}`}
      aria-label=${o??l}
      aria-disabled=${r||this.busy?"true":"false"}
      @click=${()=>!r&&!this.busy&&e()}
    >
      ${t}
    </button>`}form(t,e,s){return d`<form
      part="form"
      aria-labelledby="title"
      novalidate
      @submit=${a(r=>{if(r.preventDefault(),this.busy)return;let o=r.target,c=Object.fromEntries(new FormData(o)),h=[...o.querySelectorAll("[aria-required]")].find(u=>!u.value.trim());if(!h)return s(c,o);this.error={field:h.name,text:this.tell("required")},this.focusOn(h.name)},"submitted")}
    >
      ${t}
      <button
        id="submit"
        class="primary"
        part="button primary"
        aria-disabled=${this.busy?"true":"false"}
      >
        ${e}
      </button>
    </form>`}check(t,e){return d`<label class="check" part="check">
      <input type="checkbox" name=${t} /><span>${e}</span>
    </label>`}way(t){let e=t==="email"?"emailCode":t;return e in T?this.tell(e):t}async copy(t){try{await navigator.clipboard.writeText(t),this.notice=this.tell("copied")}catch{this.notice=this.tell("notCopied")}}};var Tt=["sms","call","whatsapp"],Ne=[...Tt,"email"],M=class{static{a(this,"EnrollmentPart")}#t;#e;#s="";#i;#a;constructor(t){this.#t=t}get active(){return this.#e!==void 0}begin(t,e){this.#e=t,this.#i=void 0,this.#s="",this.#t.error=void 0,this.#t.notice="",this.#t.focusOn("title"),e&&this.#o(e)}end(){this.#e=void 0,this.#i=void 0,clearTimeout(this.#a),this.#t.requestUpdate()}#r(t){let e=this.#e?.over;this.end(),e?.(t)}#o(t){this.#s=t,this.#t.error=void 0;let e=Tt.includes(t);if(!e&&!this.#e?.password)return this.#n({});this.#t.focusOn(e?"phoneNumber":"password")}async#n({phoneNumber:t,password:e}){let{tell:s}=this.#t,i=this.#s,r=t?"phoneNumber":e?"password":"problem";await this.#t.attempt(r,async()=>{let o={method:i,...t&&{phoneNumber:t.replace(/[\s().-]/g,"")},...e&&{password:e},...!Ne.includes(i)&&{label:this.#t.way(i)}};try{this.#i=await this.#e?.enroll(o)}catch(c){let{name:h,startAgain:u}=c;if(u)return this.#r(c);if(h==="WrongPassword"){this.#t.error={field:"password",text:s("wrongOwnPassword")},this.#t.focusOn("password");return}throw!t&&!e&&(this.#s=""),c}this.#h(),this.#t.focusOn(i==="webauthn"?"passkey":"code"),this.#t.emit("asked",{enrollment:this.#i})})}#h(){clearTimeout(this.#a),this.#i&&(this.#t.requestUpdate(),this.#a=setTimeout(()=>this.#h(),1e3))}async#c(t,e){let s=await this.#t.answer(e,t,{method:this.#s,over:a(r=>this.#r(r),"over")});if(!s||!this.#e)return;let{done:i}=this.#e;this.end(),i(s)}#u(){return this.#t.renderRoot.querySelector("input[name=endOthers]")?.checked?{endOtherSessions:!0}:{}}#l(){return this.#c(()=>this.#i.createPasskey(this.#u()),"passkey")}#d(){return this.#t.attempt("code",async()=>{await this.#i.resend(),this.#t.notice=this.#t.tell("resent"),this.#t.focusOn("code")})}render(){return this.#i?this.#y():this.#s?this.#g():this.#f()}#f(){let t=this.#t,{title:e,lede:s,methods:i}=this.#e,r=i.filter(o=>o!=="webauthn"||t.client.knowsPasskeys);return d`${t.heading(e,s)} ${t.messages()}
      <div class="ways">
        ${r.map(o=>t.button(t.way(o),()=>this.#o(o),{id:`way-${o}`}))}
      </div>
      ${this.#m(()=>this.#r())}`}#g(){let t=this.#t,{tell:e}=t,s=Tt.includes(this.#s),i=this.#e?.password?t.field({name:"password",label:e("password"),type:"password",autocomplete:"current-password"}):l;return d`${t.heading(t.way(this.#s),this.#e?.password?e("passwordNeeded"):l)}
    ${t.messages()}
    ${t.form(d`${s?t.field({name:"phoneNumber",label:e("phoneNumber"),type:"tel",autocomplete:"tel",inputmode:"tel",hint:e("phoneHint")}):l}${i}`,e(s?"sendCode":"continue"),r=>this.#n(r))}
    ${this.#m(()=>this.#p())}`}#p(){this.#s="",this.#t.error=void 0,this.#t.focusOn("title")}#m(t){let{tell:e}=this.#t;return d`<div class="row" part="actions">
      ${this.#t.button(e(this.#s?"back":"cancel"),t,{id:"over"})}
    </div>`}#y(){let t=this.#t,{tell:e}=t,{to:s,qr:i,secret:r,uri:o,resendAt:c,expiresAt:h}=this.#i,u=E(h),m=a(()=>{this.#i=void 0,this.#p()},"again"),p=this.#e?.endOthers?t.check("endOthers",e("endOthers")):l;if(this.#s==="webauthn")return d`${t.heading(t.way(this.#s),e("makePasskey"))}
      ${t.messages("passkey")} ${p}
      ${t.button(e("continue"),()=>this.#l(),{id:"passkey",kind:"primary"})}
      ${this.#m(m)}`;let f=E(c),y=`ask_${this.#s}`;return d`${t.heading(t.way(this.#s),i?e("scan"):e(y,{to:s}))}
      ${i?this.#w(i,r,o):l}
      ${u===0?d`<p class="error problem" part="error" role="alert">
              ${e("codeExpired")}
            </p>`:t.form(d`${t.field({name:"code",label:e("code"),autocomplete:"one-time-code",inputmode:"numeric",digits:!0,described:"lede",hint:d`<span role="timer"
                  >${e("goodFor",{time:F(u)})}</span
                >`})}${p}`,e("continue"),({code:O})=>this.#c(()=>this.#i.confirm(O,this.#u()),"code"))}
      <p class="notice" part="notice" role="status">
        ${t.notice||l}
      </p>
      <div class="row" part="actions">
        ${c&&u>0?t.button(f>0?e("resendIn",{n:f}):e("resend"),()=>this.#d(),{id:"resend",disabled:f>0}):l}
        ${t.button(e("back"),m,{id:"over"})}
      </div>`}#w(t,e,s){let{tell:i}=this.#t,r=/viewBox="([^"]*)"/.exec(t)?.[1],[o,c]=[...t.matchAll(/ d="([^"]*)"/g)].map(([,h])=>h);return d`<div class="block">
      <svg
        class="qr"
        part="qr"
        role="img"
        aria-label=${i("qr")}
        viewBox=${r??l}
        shape-rendering="crispEdges"
      >
        ${Vt`<path fill="#fff" d=${o} /><path fill="#000" d=${c} />`}
      </svg>
      <p class="hint">${i("orType")}</p>
      <code class="secret" part="secret" id="secret"
        >${e.replace(/(.{4})(?=.)/g,"$1 ")}</code
      >
      <div class="row" part="actions">
        ${this.#t.button(i("copy"),()=>this.#t.copy(e),{id:"copy"})}
        <a class="link" part="button link" href=${s}>${i("openApp")}</a>
      </div>
    </div>`}};var ct=class extends _{static{a(this,"TwoFactorSettings")}static properties={..._.properties,authData:{attribute:!1},overview:{state:!0},open:{state:!0}};#t=new N(this);#e=new M(this);#s=new R(this);constructor(){super(),this.authData=void 0,this.overview=void 0,this.open=""}firstUpdated(){this.refresh()}disconnectedCallback(){super.disconnectedCallback(),this.#t.end(),this.#e.end()}get view(){return this.#t.active?"challenge":this.#e.active?"enroll":this.#s.active?"codes":"list"}refresh(){return this.attempt("problem",()=>this.#i())}async#i(){this.overview=await this.client.status()}#a=a(t=>(this.busy=!1,new Promise((e,s)=>{this.#t.begin(t,{done:e,over:a(i=>s(i??Ct),"over"),last:"cancel"})}).finally(()=>this.busy=!0)),"#prove");#r(t){return this.attempt("problem",async()=>{try{let e=await this.client.withStepUp(t,this.#a);return await this.#i(),this.open="",e}catch(e){throw this.focusOn("title"),e}})}#o(t,e,{otherSessionsEnded:s,...i}={}){let r=s===void 0?"":this.tell(s?"othersEnded":"othersNotEnded");this.notice=`${this.tell(e)} ${r}`.trim(),this.focusOn("title"),this.emit("changed",{what:t,...i})}#n(t){let{asks:e,can:s}=this.overview;this.#e.begin({methods:s,title:this.tell("add"),lede:this.tell("chooseWay"),password:e==="password",endOthers:!0,enroll:a(async i=>{let r=e==="authData"?await this.authData?.():void 0,o={...i,...r&&{authData:r}};return this.client.withStepUp(()=>this.client.enroll(o),this.#a)},"enroll"),over:a(i=>{this.error=void 0,i&&this.refuse("problem",i),this.focusOn("title")},"over"),done:a(async({recoveryCodes:i,...r})=>{await this.attempt("problem",()=>this.#i());let o=a(()=>this.#o("added","wasAdded",r),"end");i?this.#s.begin(i,o):o()},"done")},t)}async#h(t,e){let s=await this.#r(()=>this.client.remove({factor:t,...e&&{endOtherSessions:e}}));s&&this.#o("removed","wasRemoved",{...s,factor:t})}async#c(t,e){let s=await this.#r(()=>this.client.rename({factor:t,label:e}));s&&this.#o("renamed","wasRenamed",s)}async#u(){let t=await this.#r(()=>this.client.newRecoveryCodes());t&&this.#s.begin(t.recoveryCodes,()=>{this.focusOn("title"),this.emit("changed",{what:"recovery-codes"})})}async#l(t){await this.#r(()=>this.client.forgetDevice(t))&&this.#o("device-forgotten","wasForgotten")}render(){if(this.#t.active)return this.#t.render();if(this.#e.active)return this.#e.render();if(this.#s.active)return this.#s.render();let{tell:t,overview:e}=this;if(!e)return d`${this.heading(t("settings"))} ${this.messages()}
      ${this.error?this.button(t("retry"),()=>this.refresh(),{id:"retry"}):d`<p class="lede" role="status">${t("loading")}</p>`}`;let{factors:s,can:i,disabled:r,devices:o=[]}=e,c=i.filter(h=>h!=="webauthn"||this.client.knowsPasskeys);return d`
      ${this.heading(d`<slot name="title">${t("settings")}</slot>`,r?t("disabled"):s.length===0?t("none"):l)}
      ${this.messages()}
      <ul class="items block" part="list" ?hidden=${s.length===0}>
        ${s.map(h=>this.#f(h))}
        ${s.some(({id:h})=>h!=="phone_number")?this.#m():l}
      </ul>
      ${c.length>0?d`<div class="subtitle" part="subtitle">${t("add")}</div>
              <div class="ways">
                ${c.map(h=>this.button(this.way(h),()=>this.#n(h),{id:`add-${h}`}))}
              </div>`:l}
      ${o.length>0?this.#y(o):l}
    `}#d(t,e="title"){this.open=this.open===t?"":t,this.error=void 0,this.open&&this.focusOn(e)}#f({id:t,method:e,label:s,createdAt:i}){let{tell:r,open:o}=this,c=this.way(e),h=s||c,u=this.overview.required&&this.overview.factors.length===1,m=[h===c?"":c,i?r("added",{date:this.date(i)}):"",u?r("keepLast"):""];return d`<li class="item" part="item">
      <div class="item-text">
        <div class="item-name">${h}</div>
        <div class="item-more">${m.filter(Boolean).join(" · ")}</div>
      </div>
      <div class="row" part="actions">
        ${t==="phone_number"?l:this.button(r("rename"),()=>this.#d(`rename:${t}`,"label"),{label:r("renameWhat",{name:h})})}
        ${u?l:this.button(r("remove"),()=>this.#d(`remove:${t}`,"sure"),{label:r("removeWhat",{name:h})})}
      </div>
      ${o===`rename:${t}`?d`${this.form(this.field({name:"label",label:r("name"),value:h}),r("save"),p=>this.#c(t,p.label))}${this.#p()}`:l}
      ${o===`remove:${t}`?this.#g(r("removeSure",{name:h}),this.check("endOthers",r("endOthers")),r("remove"),p=>this.#h(t,p.endOthers==="on")):l}
    </li>`}#g(t,e,s,i){return d`${this.form(d`<p id="sure" tabindex="-1">${t}</p>
        ${e}`,s,i)}${this.#p()}`}#p(){let t=a(()=>{this.open="",this.error=void 0,this.focusOn("title")},"close");return this.button(this.tell("cancel"),t,{id:"over"})}#m(){let{tell:t,open:e,overview:s}=this;return d`<li class="item" part="item">
      <div class="item-text">
        <div class="item-name">${t("codes")}</div>
        <div class="item-more">
          ${t("codesLeft",{n:s.recoveryCodesLeft})}
        </div>
      </div>
      <div class="row" part="actions">
        ${this.button(t("newCodes"),()=>this.#d("codes","sure"),{id:"new-codes"})}
      </div>
      ${e==="codes"?this.#g(t("newCodesSure"),l,t("newCodes"),()=>this.#u()):l}
    </li>`}#y(t){let{tell:e}=this;return d`<div class="subtitle" part="subtitle">${e("devices")}</div>
      <ul class="items" part="list">
        ${t.map(({id:s,label:i,endsAt:r})=>d`<li class="item" part="item">
              <div class="item-text">
                <div class="item-name">${i}</div>
                <div class="item-more">
                  ${e("until",{date:this.date(r)})}
                </div>
              </div>
              <div class="row" part="actions">
                ${this.button(e("forget"),()=>this.#l({device:s}),{label:e("forgetWhat",{name:i})})}
              </div>
            </li>`)}
      </ul>
      <div class="row" part="actions">
        ${this.button(e("forgetAll"),()=>this.#l({all:!0}),{id:"forget-all"})}
      </div>`}};var lt=class extends _{static{a(this,"TwoFactorSignIn")}static properties={..._.properties,identifier:{},username:{}};#t=new N(this);#e=new M(this);#s=new R(this);constructor(){super(),this.identifier="username",this.username=""}updated(t){super.updated(t),(t.has("client")||!this.#i)&&this.#a()}#i=!1;async#a(){this.#i=!0;let t=await this.client?.resume();t&&!this.#t.active&&this.#o(t,!1)}disconnectedCallback(){super.disconnectedCallback(),this.#t.end(),this.#e.end()}get view(){return this.#t.active?"challenge":this.#e.active?"enroll":this.#s.active?"codes":"password"}async signIn(t){let e=t.password?"password":"problem",s=await this.attempt(e,()=>this.client.signIn(t));s&&this.#r(s)}#r(t){if(t.status==="challenge")return this.#o(t,!0);if(t.status==="enroll")return this.#n(t);this.requestUpdate(),this.emit("signed-in",t)}#o(t,e){let s={done:a(i=>this.#r(i),"done"),over:a(i=>this.#h(i),"over"),last:"startAgain"};this.#t.begin(t,s,e),this.emit("asked",{challenge:t})}#n({enroll:t,methods:e}){this.#e.begin({methods:e,title:this.tell("setUp"),lede:this.tell("needed"),enroll:a(s=>this.client.enroll({...s,enroll:t}),"enroll"),over:a(s=>this.#h(s),"over"),done:a(({recoveryCodes:s,...i})=>{let r={status:"signed-in",...i};if(!s)return this.#r(r);this.#s.begin(s,()=>this.#r(r))},"done")})}#h(t){this.error=void 0,this.notice="",t&&this.refuse("problem",t),this.focusOn(this.username?"password":"username")}render(){return this.#t.active?this.#t.render():this.#e.active?this.#e.render():this.#s.active?this.#s.render():this.#c()}#c(){let{tell:t}=this,e=this.identifier==="email";return d`${this.heading(d`<slot name="title">${t("signIn")}</slot>`,d`<slot name="lede"></slot>`)}
      ${this.messages()}
      ${this.form(d`${this.field({name:"username",label:t(e?"email":"username"),type:e?"email":"text",autocomplete:"username",inputmode:e?"email":"text",value:this.username})}${this.field({name:"password",label:t("password"),type:"password",autocomplete:"current-password"})}<slot name="help"></slot>`,t("signIn"),({username:s,password:i},r)=>{this.username=s,r.elements.namedItem("password").value="";let o=e?{email:s}:{username:s};this.signIn({...o,password:i})})} <slot name="providers"></slot>`}};customElements.get("two-factor-sign-in")||(customElements.define("two-factor-sign-in",lt),customElements.define("two-factor-settings",ct));export{rt as Challenge,tt as CodeUsed,nt as Enrollment,Y as Expired,st as NoConnection,et as NotReachable,V as PasskeyNotUsed,D as StepUpRequired,v as TooMany,ht as TwoFactorClient,g as TwoFactorError,ct as TwoFactorSettings,lt as TwoFactorSignIn,C as WrongCode,Z as WrongPassword,St as passkeys};
