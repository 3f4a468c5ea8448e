"""XML text to nodes, without entities of its own and within bounds."""

from __future__ import annotations

from xml.parsers import expat

from forms.expression.nodes import XML_NS, Node, NodeKind

MAX_DEPTH = 200


class XmlError(ValueError):
    """The text is not well-formed XML, or declares entities."""


class _Builder:
    def __init__(self, keep_space: bool) -> None:
        self.document = Node(NodeKind.DOCUMENT)
        self.stack = [self.document]
        self.text: list[str] = []
        self.scopes: list[dict[str, str]] = [{"xml": XML_NS, "": ""}]
        self.keep_space = keep_space

    def start(self, name: str, attributes: list[str]) -> None:
        self.flush(False)
        if len(self.stack) > MAX_DEPTH:
            raise XmlError("nested too deeply")
        declared = {
            key[6:]: value
            for key, value in zip(attributes[::2], attributes[1::2], strict=True)
            if key.startswith("xmlns:") or key == "xmlns"
        }
        scope = {**self.scopes[-1], **declared} if declared else self.scopes[-1]
        self.scopes.append(scope)
        prefix, _, local = name.rpartition(":")
        node = Node(NodeKind.ELEMENT, local, "", self.resolve(prefix), prefix)
        node.declared = declared or None
        self.stack[-1].append(node)
        self.stack.append(node)
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            if key != "xmlns" and not key.startswith("xmlns:"):
                self.attribute(node, key, value)

    def attribute(self, node: Node, key: str, value: str) -> None:
        prefix, _, local = key.rpartition(":")
        made = Node(NodeKind.ATTRIBUTE, local, value, self.resolve(prefix) if prefix else "", prefix)
        made.parent = node
        node.attributes.append(made)

    def resolve(self, prefix: str) -> str:
        try:
            return self.scopes[-1][prefix]
        except KeyError:
            raise XmlError(f"prefix {prefix} is not declared") from None

    def end(self, name: str) -> None:
        self.flush(True)
        self.scopes.pop()
        self.stack.pop()

    def flush(self, closing: bool) -> None:
        if not self.text:
            return
        text = "".join(self.text)
        self.text.clear()
        top = self.stack[-1]
        if top.kind == NodeKind.DOCUMENT:
            return
        if closing and not top.children:
            top.value = text
        elif self.keep_space or text.strip():
            top.append(Node(NodeKind.TEXT, "", text))

    def comment(self, text: str) -> None:
        self.flush(False)
        self.stack[-1].append(Node(NodeKind.COMMENT, "", text))

    def instruction(self, target: str, data: str) -> None:
        self.flush(False)
        self.stack[-1].append(Node(NodeKind.INSTRUCTION, target, data))


def _refuse_entity(*_: object) -> None:
    raise XmlError("entities are not allowed")


def parse_xml(text: bytes | str, *, keep_space: bool = True) -> Node:
    """The document node of an XML text. Raises XmlError; entity declarations are refused (billion laughs).

    ``keep_space`` False drops text between elements that is only white space.
    """
    builder = _Builder(keep_space)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text.append
    parser.CommentHandler = builder.comment
    parser.ProcessingInstructionHandler = builder.instruction
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from error
    return builder.document
