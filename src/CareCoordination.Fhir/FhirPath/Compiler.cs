using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Functions;
using CareCoordination.Fhir.FhirPath.Syntax;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>
/// Turns a parsed expression into nodes, and refuses what can never work: unknown functions and types, wrong numbers of
/// arguments, names that no possible type has. Throws <see cref="FhirPathSyntaxException"/>.
/// </summary>
internal sealed class Compiler(FhirSchema schema)
{
    /// <summary>Names that what is no element has: the value of a primitive, and what <c>type()</c> gives.</summary>
    private static readonly string[] NamesOfAnyType = ["value", "name", "namespace"];

    private bool _isTyped;

    /// <param name="focus">Null: of any type, and then any name will do.</param>
    public Node Compile(Expr expression, TypeDefinition? focus)
    {
        _isTyped = focus is not null;
        return Compile(expression, StaticType.Of(focus)).Node;
    }

    private (Node Node, StaticType Type) Compile(Expr expression, StaticType self)
    {
        switch (expression)
        {
            case LiteralExpr literal:
                return (new LiteralNode(literal.Value), StaticType.Any);
            case MemberExpr member:
                return Member(member, self);
            case FunctionExpr function:
                return Function(function, self);
            case IndexExpr indexer:
                var (items, itemType) = Compile(indexer.Source, self);
                return (new IndexerNode(items, Compile(indexer.Index, self).Node), itemType);
            case VariableExpr { Variable: "this" }:
                return (ThisNode.Instance, self);
            case VariableExpr { Variable: "index" }:
                return (new IndexNode(), StaticType.Any);
            case VariableExpr:
                return (new TotalNode(), StaticType.Any);
            case ConstantExpr constant:
                return (Constants.Compile(constant.Constant), StaticType.Any);
            case PolarityExpr polarity:
                return (new PolarityNode(Compile(polarity.Operand, self).Node, polarity.IsNegative), StaticType.Any);
            case TypeExpr type:
                return TypeOperator(Compile(type.Operand, self).Node, type.Operator, Type(type.Type, type.Position));
            case BinaryExpr binary:
                return (
                    Binary(binary.Operator, Compile(binary.Left, self).Node, Compile(binary.Right, self).Node),
                    StaticType.Any
                );
            default:
                throw new FhirPathSyntaxException(expression.Position, "this expression is not known");
        }
    }

    private (Node Node, StaticType Type) Member(MemberExpr member, StaticType self)
    {
        if (
            member.Source is null
            && char.IsAsciiLetterUpper(member.Member[0])
            && schema.TryGetType(member.Member, out var type)
        )
            return (new RootTypeNode(TypeTest.Of(type)), StaticType.Of(type));

        var (source, sourceType) = member.Source is null ? (ThisNode.Instance, self) : Compile(member.Source, self);
        if (
            !sourceType.TryChild(member.Member, out var childType)
            || (_isTyped && sourceType.IsAny && !IsNameOfSomeType(member.Member))
        )
            throw new FhirPathSyntaxException(member.Position, $"{sourceType} has no element '{member.Member}'");
        var step = new PathStep(member.Member);
        return (
            source is PathNode { HasFilter: false } path ? path.Then(step) : new PathNode(source, [step]),
            childType
        );
    }

    private bool IsNameOfSomeType(string name) => NamesOfAnyType.Contains(name) || schema.HasElement(name);

    private (Node Node, StaticType Type) Function(FunctionExpr function, StaticType self)
    {
        var (source, sourceType) = function.Source is null ? (ThisNode.Instance, self) : Compile(function.Source, self);
        var (name, arguments) = (function.Function, function.Arguments);
        if (name is "is" or "as" or "ofType")
        {
            if (arguments.Length != 1)
                throw new FhirPathSyntaxException(function.Position, $"{name}() takes one type name");
            return TypeOperator(source, name, Type(ToTypeName(arguments[0]), arguments[0].Position));
        }

        if (FunctionTable.Find(name) is not { } definition)
            throw new FhirPathSyntaxException(function.Position, $"there is no function {name}()");
        if (arguments.Length < definition.Minimum || arguments.Length > definition.Maximum)
            throw new FhirPathSyntaxException(
                function.Position,
                $"{name}() takes {definition.Arity}, not {arguments.Length}"
            );
        var argumentSelf = definition.Arguments switch
        {
            ArgumentFocus.Item => sourceType,
            ArgumentFocus.AnyItem => StaticType.Any,
            _ => self,
        };
        return (
            definition.Create(source, [.. arguments.Select(a => Compile(a, argumentSelf).Node)]),
            definition.KeepsType ? sourceType : StaticType.Any
        );
    }

    private static (Node Node, StaticType Type) TypeOperator(Node operand, string name, TypeTest type) =>
        name == "is" ? (new IsNode(operand, type), StaticType.Any)
        : operand is PathNode { HasFilter: false } path ? (path.OfType(type), StaticType.Of(type.Fhir))
        : (new OfTypeNode(operand, type), StaticType.Of(type.Fhir));

    private static Node Binary(string symbol, Node left, Node right) =>
        symbol switch
        {
            "=" or "!=" => new EqualNode(left, right, symbol == "!="),
            "~" or "!~" => new EquivalentNode(left, right, symbol == "!~"),
            "<" or "<=" or ">" or ">=" => new CompareNode(left, right, symbol),
            "and" or "or" or "xor" or "implies" => new LogicNode(left, right, symbol),
            "|" => new UnionNode(left, right),
            "in" => new MembershipNode(left, right),
            "contains" => new MembershipNode(right, left),
            "&" => new ConcatenateNode(left, right),
            _ => new ArithmeticNode(left, right, symbol),
        };

    private TypeTest Type(TypeName name, int position) =>
        TypeTest.Find(name.Namespace, name.Name, schema)
        ?? throw new FhirPathSyntaxException(position, $"there is no type '{name}'");

    /// <summary>A type name in the place of an argument was parsed as a path: <c>FHIR.Patient</c>.</summary>
    private static TypeName ToTypeName(Expr argument) =>
        argument switch
        {
            MemberExpr { Source: null } name => new(null, name.Member),
            MemberExpr { Source: MemberExpr { Source: null, Member: "FHIR" or "System" } space } name => new(
                space.Member,
                name.Member
            ),
            _ => throw new FhirPathSyntaxException(argument.Position, "a type name is expected"),
        };
}
