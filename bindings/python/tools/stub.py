"""Writes `llavero/_native.pyi`, the types of the generated module, from its source.

The generated annotations are true but not complete: a type checker sees neither the variants of `ClaimValue` nor the
members of a `LlaveroError`. This file reads the generated source and what `llavero/_sugar.py` and `llavero/_closing.py` add, and says all of it.

    python tools/stub.py            writes the stub
    python tools/stub.py --check    says whether it is stale
"""

import ast
import re
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

PACKAGE = Path(__file__).resolve().parent.parent / "llavero"

HEADER = """# Written by tools/stub.py from the generated module. Do not edit.
import builtins
import datetime
import enum
import typing
from types import TracebackType
from typing import Optional, Type

"""

Functions = Dict[str, List[str]]


def main() -> int:
    """Writes or compares."""
    place = PACKAGE / "_native.pyi"
    fresh = stub()
    if place.exists() and place.read_text(encoding="utf-8") == fresh:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{place.name} is stale; `python bindings/python/tools/stub.py` renews it")
        return 1
    place.write_text(fresh, encoding="utf-8")
    print(f"renewed {place.name}")
    return 0


def stub() -> str:
    """The text of the stub."""
    module = ast.parse((PACKAGE / "_native.py").read_text(encoding="utf-8"))
    names = public_names(module)
    sugar = added_methods()
    parts = []
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name in names and not is_repeated(node, module):
            parts.append("\n".join(class_lines(node, sugar, extra_variants(node.name, module))))
        elif isinstance(node, ast.FunctionDef) and node.name in names:
            parts.append(function_line(node))
    listed = "".join(f"    {name!r},\n" for name in names)
    return HEADER + "\n\n".join(parts) + f"\n\n__all__ = [\n{listed}]\n"


def public_names(module: ast.Module) -> List[str]:
    """The names that the generated module exports."""
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return list(ast.literal_eval(node.value))
    raise SystemExit("the generated module has no __all__")


def is_repeated(node: ast.ClassDef, module: ast.Module) -> bool:
    """An error stands there twice: as a base class, and as a bag that holds its variants."""
    same = [other for other in module.body if isinstance(other, ast.ClassDef) and other.name == node.name]
    return len(same) == 2 and node is same[1]


def extra_variants(name: str, module: ast.Module) -> List[ast.ClassDef]:
    """The variants of an error, from the bag."""
    return [
        inner
        for other in module.body
        if isinstance(other, ast.ClassDef) and other.name == name and is_repeated(other, module)
        for inner in other.body
        if isinstance(inner, ast.ClassDef)
    ]


def class_lines(node: ast.ClassDef, sugar: Functions, variants: List[ast.ClassDef]) -> Iterator[str]:
    """A class with its members."""
    bases = [ast.unparse(base) for base in node.bases if not ast.unparse(base).endswith("Protocol")]
    protocol = [base for base in map(ast.unparse, node.bases) if base == "typing.Protocol"]
    yield f"class {node.name}({', '.join(bases + protocol)}):" if bases + protocol else f"class {node.name}:"
    members = list(member_lines(node))
    # What every variant of an error has can be asked of the error.
    members += [line for line in (member_lines(variants[0]) if variants else []) if "__init__" not in line]
    for variant in [inner for inner in node.body if isinstance(inner, ast.ClassDef)] + variants:
        members.append(f"    class {variant.name}({node.name}):")
        inner = [f"    {line}" for line in member_lines(variant)]
        members += inner or ["        ..."]
    members += sugar.get(node.name, [])
    yield from members or ["    ..."]


def member_lines(node: ast.ClassDef) -> Iterator[str]:
    """The fields, then the methods, each indented once."""
    text = "\n".join(plain_member_lines(node))
    # A member called `bytes` hides the type of that name from the members beside it.
    if re.search(r"^ *(def bytes\(|bytes:)", text, re.MULTILINE):
        text = re.sub(r"(: |-> |\[)bytes\b", r"\1builtins.bytes", text)
    yield from text.splitlines()


def plain_member_lines(node: ast.ClassDef) -> Iterator[str]:
    """The same, with types by their short names."""
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            yield f"    {item.targets[0].id} = {ast.unparse(item.value)}"
        if not isinstance(item, ast.FunctionDef):
            continue
        if item.name == "__init__":
            yield from initializer_lines(node, item)
        elif item.name in ("__eq__", "__repr__", "__str__"):
            continue
        elif not item.name.startswith("_"):
            for decorator in item.decorator_list:
                yield f"    @{ast.unparse(decorator)}"
            yield f"    {function_line(item)}"


def initializer_lines(node: ast.ClassDef, item: ast.FunctionDef) -> Iterator[str]:
    """The fields of a record or variant, and how it is made."""
    if item.args.vararg is not None or is_closed(item):
        # Made by its other constructors, or by nobody: there is no value for this argument.
        yield "    def __init__(self, _: typing.NoReturn) -> None: ..."
        return
    arguments = [*item.args.args[1:], *item.args.kwonlyargs]
    stored = {
        inner.targets[0].attr
        for inner in ast.walk(item)
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Attribute)
    }
    for argument in arguments:
        if argument.arg in stored:
            yield f"    {argument.arg}: {annotation(argument)}"
    yield f"    {function_line(item, returns='None')}"


def is_closed(item: ast.FunctionDef) -> bool:
    """Whether it only raises."""
    return len(item.body) == 1 and isinstance(item.body[0], ast.Raise)


def annotation(argument: ast.arg) -> str:
    """An argument's type. The errors' only argument has none in the source."""
    if argument.annotation is None:
        return {"reason": "Reason"}[argument.arg]
    return type_text(argument.annotation)


def type_text(node: ast.expr) -> str:
    """A type as the stub says it."""
    text = ast.unparse(node).replace("UnixTime", "datetime.datetime")
    # How the generator says "may be left out".
    start = "typing.Union[object, "
    return text[len(start) : -1] if text.startswith(start) else text


def function_line(item: ast.FunctionDef, returns: Optional[str] = None, first: Optional[str] = None) -> str:
    """The signature of a function or method."""
    arguments = [first] if first is not None else []
    positional = item.args.args[len(arguments) :]
    defaults: List[Optional[ast.expr]] = [None] * (len(item.args.args) - len(item.args.defaults))
    defaults += item.args.defaults
    for argument, default in zip(positional, defaults[len(arguments) :]):
        arguments.append(argument_text(argument, default))
    if item.args.kwonlyargs:
        arguments.append("*")
        arguments += [argument_text(*pair) for pair in keywords(item)]
    if returns is None:
        returns = "None" if item.returns is None else type_text(item.returns)
    return f"def {item.name}({', '.join(arguments)}) -> {returns}: ..."


def keywords(item: ast.FunctionDef) -> Iterator[Tuple[ast.arg, Optional[ast.expr]]]:
    """The arguments that must be named, with their defaults."""
    return zip(item.args.kwonlyargs, item.args.kw_defaults)


def argument_text(argument: ast.arg, default: Optional[ast.expr]) -> str:
    """An argument as the stub says it."""
    if argument.arg in ("self", "cls"):
        return argument.arg
    return f"{argument.arg}: {annotation(argument)}" + (" = ..." if default is not None else "")


def added_methods() -> Functions:
    """What the package's own modules add to each class."""
    added: Functions = {}
    for module in ("_sugar.py", "_closing.py"):
        for node in ast.parse((PACKAGE / module).read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call):
                    for target in decorator.args:
                        lines = added.setdefault(ast.unparse(target), [])
                        lines += added_lines(node, ast.unparse(decorator.func), ast.unparse(target))
    return added


def added_lines(node: ast.FunctionDef, kind: str, target: str) -> Iterator[str]:
    """One added method, as a member of the class."""
    if kind == "_constructor_of":
        yield "    @classmethod"
    own = node.args.args[0].annotation
    returns_itself = own is not None and node.returns is not None and ast.dump(own) == ast.dump(node.returns)
    first = "cls" if kind == "_constructor_of" else "self"
    yield f"    {function_line(node, returns=target if returns_itself else None, first=first)}"


if __name__ == "__main__":
    sys.exit(main())
