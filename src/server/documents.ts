import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/**
 * Tokens of all documents that one memory keeps together. Parsed, a token takes up to 500 bytes with the nodes around
 * it, so this is 30 MB at most; counted by the document, a thousand large ones would be a gigabyte.
 */
const tokensKept = 60_000;

/** Parsed documents by their text; the one unused for longest leaves first. */
export type Documents = LRUCache<string, DocumentNode>;

/** An empty memory of documents, bounded by what they take. */
export function createDocuments(): Documents {
  return new LRUCache({ maxSize: tokensKept, sizeCalculation: tokensOf });
}

function tokensOf({ loc }: DocumentNode): number {
  let tokens = 1;
  for (let token = loc?.startToken; token?.next; token = token.next) tokens += 1;
  return tokens;
}

/**
 * Parses a document once and validates it once, while it is remembered. What was refused is not remembered as refused:
 * its errors take more than the document. In place of Yoga's own memory, which counts documents only. Put it first.
 */
export function rememberDocuments(): Plugin {
  const documents = createDocuments();
  const valid = new WeakSet<DocumentNode>();
  return {
    onParse({ params, setParsedDocument }) {
      const text = String(params.source);
      const known = documents.get(text);
      if (known !== undefined) {
        setParsedDocument(known);
        return undefined;
      }
      return ({ result }) => {
        if (result !== null && 'kind' in result) documents.set(text, result);
      };
    },
    onValidate({ params, setResult }) {
      const document = params.documentAST as DocumentNode;
      if (valid.has(document)) {
        setResult([]);
        return undefined;
      }
      return ({ result }) => {
        if (result.length === 0) valid.add(document);
      };
    },
  };
}
