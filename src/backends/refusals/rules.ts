import type { FailureReason } from "../../coordination/failure-reason.ts";
import type { FailureClass } from "../../coordination/turn-event.ts";
import { isTooLong } from "./too-long.ts";

/** What an error means for the call. */
export interface Classified {
  readonly failure: FailureClass;
  /** Why, if the reply says more than the class. */
  readonly reason?: FailureReason | undefined;
  /** False if retries cannot help, even if the class suggests it. */
  readonly passing?: false | undefined;
}

/** An error, as the rules read it. */
export interface Told {
  readonly status: number | undefined;
  /** One a line. */
  readonly codes: string;
  /** Without addresses. */
  readonly words: string;
  readonly isPage: boolean;
}

interface Rule {
  readonly holds: (told: Told) => boolean;
  readonly means: Classified;
}

const rule = (
  means: Classified,
  { codes, words, when }: { codes?: RegExp; words?: RegExp; when?: (told: Told) => boolean },
): Rule => ({
  means,
  holds: (told) =>
    (when?.(told) ?? true) &&
    (codes?.test(told.codes) === true || words?.test(told.words) === true),
});

const isRefusal = ({ status }: Told): boolean => status === undefined || status < 500;
const isThrottled = ({ status }: Told): boolean => status === 429 || status === undefined;

/** Replies that say more than their status, the most telling first. Sources are the public reports in test/backends/refusals. */
export const RULES: readonly Rule[] = [
  // Alibaba words its limit per minute like a used-up quota.
  rule({ failure: "rate_limit" }, { codes: /^Throttling/m, words: /#token-limit\b/ }),
  rule(
    { failure: "refused", reason: "moderated" },
    {
      codes:
        /content_?(filter|policy)|^(invalid_prompt|data_inspection_failed|DataInspectionFailed|PROHIBITED_CONTENT|SAFETY|1301)$|_policy(_violation)?$|moderation/m,
      words:
        /flagged (by|as|for)|requires moderation|content management policy|violat\w{1,9} (our|the) (usage|content) polic|inappropriate content|safety (system|filter)s?/i,
      when: isRefusal,
    },
  ),
  {
    means: { failure: "context" },
    holds: ({ status, words, codes }) =>
      status !== 401 && status !== 403 && isTooLong(words, codes),
  },
  rule(
    { failure: "bad_request", reason: "region" },
    {
      codes: /unsupported_country|country_region|GEO_?BLOCK/i,
      words:
        /(country|region|territory|location).{0,40}not (supported|available|allowed)|not (available|supported) in your (country|region)|unsupported (country|region|location)/i,
    },
  ),
  rule(
    { failure: "bad_request", reason: "api_disabled" },
    {
      codes: /SERVICE_DISABLED|accessNotConfigured/,
      words: /has not been used in project|API (is )?not enabled|enable the API/i,
    },
  ),
  rule(
    { failure: "rate_limit", reason: "credit", passing: false },
    {
      codes:
        /insufficient_(quota|balance|credits?|funds)|exceeded_current_quota|billing_|BILLING_DISABLED|^(1113|Arrearage|INSUFFICIENT_BALANCE|payment_required)$/m,
      words:
        /insufficient (credit|balance|fund|quota)|credit balance|credits? are depleted|out of credits|(no|more|purchase|add) credits\b.{0,40}$|requires more credits|please recharge|余额不足|欠费|billing (hard )?limit|billing (to be|is not|must be) enabled|spend(ing)? limit|API usage limits|payment required|account is in arrears|overdue/i,
      when: ({ codes }) => !/PerDay|PerMinute|free-models-per/.test(codes),
    },
  ),
  rule(
    { failure: "rate_limit", reason: "quota", passing: false },
    {
      codes: /PerDay|per_day|free_tier_daily|MONTHLY_REQUEST_COUNT|^13(08|10)$/m,
      words:
        /\bper[ -]day\b|\b(TPD|RPD)\b|limit_rpd|daily (limit|quota)|limit: 0\b|usage limit reached/i,
      when: isThrottled,
    },
  ),
  rule(
    { failure: "overloaded" },
    {
      codes: /overloaded|slow_down|capacity_exceeded|^(UNAVAILABLE|server_is_overloaded|1305)$/m,
      words: /overloaded|capacity (exceeded|available)|at capacity|high demand/i,
      when: ({ status }) => status === undefined || status === 429 || status >= 498,
    },
  ),
  rule(
    { failure: "auth", reason: "permission" },
    {
      words:
        /insufficient permissions|missing scopes|not authori[sz]ed to access|access terminated|access denied|has been disabled in this account/i,
      codes: /access_terminated|^AccessDenied/m,
      when: isRefusal,
    },
  ),
  rule(
    { failure: "bad_request", reason: "model" },
    {
      codes: /model_?not_?(found|exist|supported)|invalid_model|DeploymentNotFound|^1211$/im,
      words:
        /\bmodels?\b.{0,120}(not found|not exist|doesn't exist|no longer (available|exists)|is unknown|not a valid model|does not have access|has been (deprecated|decommissioned|removed))|(unknown|invalid|no such|not found:?) model\b|not a valid model|does not have access to model|no models? loaded|no endpoints (found|available)|deployment.{0,60}does not exist|try pulling it first/i,
      when: ({ status, words }) =>
        (status === undefined || status < 429) && !/tool use|image input/i.test(words),
    },
  ),
  rule(
    { failure: "auth", reason: "key" },
    {
      codes:
        /invalid_api_key|authentication_error|InvalidApiKey|API_KEY_(INVALID|EXPIRED)|UNAUTHENTICATED|invalid_authentication|^100[0-4]$/im,
      words:
        /api[ -]?key.{0,40}(not valid|not found|invalid|expired|incorrect|missing|required|revoked|blocked|leaked)|(incorrect|invalid|missing|no|expired|bad) (x-)?(api[ -]?key|auth\w*|credentials?|token\b)|invalid authentication|authenticat\w{1,9} (failed|error|required)|unauthori[sz]ed/i,
      when: isRefusal,
    },
  ),
  rule(
    { failure: "bad_request", reason: "blocked" },
    {
      words:
        /just a moment|attention required|you have been blocked|error code: 10(06|07|08|10|12|20)\b|access denied.{0,40}(firewall|waf|security)|cloudflare|captcha/i,
      when: ({ status, isPage }) =>
        status === 403 ||
        status === 451 ||
        (isPage && status === 503) ||
        (isPage && status === undefined),
    },
  ),
  rule(
    { failure: "bad_request", reason: "address" },
    {
      words:
        /unexpected endpoint|invalid url|unknown (endpoint|path|route)|unknown request url|method not allowed|cannot post|no route/i,
      when: isRefusal,
    },
  ),
  {
    means: { failure: "bad_request", reason: "address" },
    holds: ({ isPage, status }) =>
      isPage && (status === undefined || status === 404 || status === 405),
  },
  rule(
    { failure: "rate_limit" },
    {
      codes: /rate_?limit|too_many_requests|RESOURCE_EXHAUSTED|throttl|^(1300|1302|1303)$/im,
      words: /rate[ _]?limit|too many (requests|tokens)|error code: 1015|\b429\b/i,
      when: ({ status }) => status === undefined || status === 400 || status >= 500,
    },
  ),
];
