import { hasDocuments, hasImages, hasMoreImagesThan, hasSearch, streams } from "./offences.ts";
import { OPENAI, type Refusal } from "./refusal.ts";

/** Images, documents, streams and searches. */
export const PART_REFUSALS: readonly Refusal[] = [
  // jxxghp/MoviePilot#5863
  {
    what: "no images",
    words:
      "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text`",
    offends: hasImages,
  },
  {
    what: "no images",
    words: "No endpoints found that support image input",
    status: 404,
    offends: hasImages,
  },
  { what: "no images", words: "llama4 is not a multimodal model", offends: hasImages },
  {
    what: "no images",
    words:
      "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    status: 500,
    offends: hasImages,
  },
  // roboflow/awesome-openai-vision-api-experiments#11
  {
    what: "no images",
    words: "Invalid content type. image_url is only supported by certain models.",
    offends: hasImages,
  },
  {
    what: "no images",
    words: "Image input modality is not enabled for models/gemma-3-1b-it",
    offends: hasImages,
  },
  { what: "no images", words: "this model does not support image input", offends: hasImages },
  // vllm-project/vllm#13513
  {
    what: "few images",
    words: "At most 1 image(s) may be provided in one request.",
    offends: hasMoreImagesThan(1),
  },
  {
    what: "few images",
    words: "Too many images in request. This model supports up to 2 images",
    offends: hasMoreImagesThan(2),
  },

  { what: "no documents", words: "content type 'file' is not supported", offends: hasDocuments },
  {
    what: "no documents",
    words:
      "Invalid value: 'file'. Supported values are: 'text', 'image_url', 'input_audio' and 'refusal'.",
    on: OPENAI,
    offends: hasDocuments,
  },
  {
    what: "no documents",
    words: "'claude-2.1' does not support PDF input.",
    offends: hasDocuments,
  },
  {
    what: "no documents",
    words:
      "messages.0.content.0: Input tag 'document' found using 'type' does not match any of the expected tags: 'text', 'image'",
    on: ["anthropic"],
    offends: hasDocuments,
  },
  { what: "no documents", words: "Unsupported MIME type: application/pdf", offends: hasDocuments },

  // continuedev/continue#7129
  {
    what: "no streaming",
    words: "Your organization must be verified to stream this model.",
    on: OPENAI,
    body: '{"error":{"message":"Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.","type":"invalid_request_error","param":"stream","code":"unsupported_value"}}',
    offends: streams,
  },
  // aws-samples/amazon-bedrock-client-for-mac#112
  {
    what: "no streaming",
    words: "The model is unsupported for streaming.",
    on: ["openai", "compatible", "anthropic"],
    offends: streams,
  },

  {
    what: "no web search",
    words: "Search as tool is not enabled for this model",
    on: ["gemini"],
    offends: hasSearch,
  },
  {
    what: "no web search",
    words: "Hosted tool 'web_search' is not supported with this model.",
    on: ["openai"],
    offends: hasSearch,
  },
  {
    what: "no web search",
    words: "'claude-3-haiku-20240307' does not support tool types: web_search_20250305",
    on: ["anthropic"],
    offends: hasSearch,
  },
];
