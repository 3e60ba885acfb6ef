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
internal sealed class Compiler(FhirSchema schema, FhirPathEnvironment? environment = null)
{
    /// <summary>Names that what is no element has: the value of a primitive, and what <c>type()</c> gives.</summary>
    private static readonly string[] NamesOfAnyType = ["value", "name", "namespace"];

    private bool _isTyped;

    /// <param name="focus">Null: of any type, and then any name will do.</param>
    public (Node Node, FhirPathType Type) Compile(Expr expression, FhirPathType? focus)
    {
        _isTyped = focus is not null;
        return Compile(expression, focus ?? FhirPathType.Any);
    }

    // The way down an expression is long: what is on it keeps little on the stack.
    private (Node Node, FhirPathType Type) Compile(Expr expression, FhirPathType self) =>
        expression switch
        {
            LiteralExpr literal => Literal(literal),
            MemberExpr member => Member(member, self),
            FunctionExpr function => Function(function, self),
            IndexExpr indexer => Index(indexer, self),
            VariableExpr variable => Variable(variable, self),
            ConstantExpr constant => Constant(constant),
            PolarityExpr polarity => Polarity(polarity, self),
            TypeExpr type => TypeOperator(type, self),
            BinaryExpr binary => Binary(binary, self),
            _ => throw new FhirPathSyntaxException(expression.Position, "this expression is not known"),
        };

    private static (Node Node, FhirPathType Type) Literal(LiteralExpr literal) =>
        (new LiteralNode(literal.Value), FhirPathType.Of(literal.Value.Kind));

    private static (Node Node, FhirPathType Type) Variable(VariableExpr variable, FhirPathType self) =>
        variable.Variable switch
        {
            "this" => (ThisNode.Instance, self),
            "index" => (new IndexNode(), FhirPathType.Of(FhirPathKind.Integer)),
            _ => (new TotalNode(), FhirPathType.Any),
        };

    private (Node Node, FhirPathType Type) Index(IndexExpr indexer, FhirPathType self)
    {
        var (items, type) = Compile(indexer.Source, self);
        return (new IndexerNode(items, Compile(indexer.Index, self).Node), type);
    }

    private (Node Node, FhirPathType Type) Polarity(PolarityExpr polarity, FhirPathType self)
    {
        var (operand, type) = Compile(polarity.Operand, self);
        return (new PolarityNode(operand, polarity.IsNegative), FhirPathType.Of(type.Kind));
    }

    private (Node Node, FhirPathType Type) TypeOperator(TypeExpr type, FhirPathType self) =>
        TypeOperator(Compile(type.Operand, self).Node, type.Operator, Type(type.Type, type.Position));

    private (Node Node, FhirPathType Type) Binary(BinaryExpr binary, FhirPathType self)
    {
        var (left, leftType) = Compile(binary.Left, self);
        var (right, rightType) = Compile(binary.Right, self);
        return (Binary(binary.Operator, left, right), ResultTypes.OfOperator(binary.Operator, leftType, rightType));
    }

    private (Node Node, FhirPathType Type) Constant(ConstantExpr expression)
    {
        var name = expression.Constant;
        if (environment is null || Constants.IsStandard(name))
            return (
                Constants.Compile(name),
                Constants.IsText(name) ? FhirPathType.Of(FhirPathKind.String) : FhirPathType.Any
            );
        if (environment.Constants.TryGetValue(name, out var value))
            return (new LiteralNode(value), FhirPathType.Of(value.Kind));
        return environment.Variables.TryGetValue(name, out var kind)
            ? (Constants.Compile(name), FhirPathType.Of(kind))
            : throw new FhirPathSyntaxException(expression.Position, $"there is no constant %{name}");
    }

    private (Node Node, FhirPathType Type) Member(MemberExpr member, FhirPathType self)
    {
        if (
            member.Source is null
            && char.IsAsciiLetterUpper(member.Member[0])
            && schema.TryGetType(member.Member, out var type)
        )
            return (new RootTypeNode(TypeTest.Of(type)), FhirPathType.Of(type));

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

    private (Node Node, FhirPathType Type) Function(FunctionExpr function, FhirPathType self)
    {
        if (function.Source is null)
            return Call(function, ThisNode.Instance, self, self);
        var (source, type) = Compile(function.Source, self);
        return Call(function, source, type, self);
    }

    private (Node Node, FhirPathType Type) Call(
        FunctionExpr function,
        Node source,
        FhirPathType sourceType,
        FhirPathType self
    )
    {
        var (name, arguments) = (function.Function, function.Arguments);
        if (name is "is" or "as" or "ofType")
        {
            if (arguments.Length != 1)
                throw new FhirPathSyntaxException(function.Position, $"{name}() takes one type name");
            return TypeOperator(source, name, Type(ToTypeName(arguments[0]), arguments[0].Position));
        }

        if (name == "getReferenceKey")
            return (ReferenceKey(source, function), FhirPathType.Of(FhirPathKind.String));
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
            ArgumentFocus.AnyItem => FhirPathType.Any,
            _ => self,
        };
        if (name == "join" && environment is { JoinsNothingToText: true })
            definition = StringFunctions.JoinToText;
        var compiled = arguments.Select(a => Compile(a, argumentSelf)).ToArray();
        return (
            definition.Create(source, [.. compiled.Select(a => a.Node)]),
            definition.KeepsType ? sourceType
            : definition.IsTruth ? FhirPathType.Of(FhirPathKind.Boolean)
            : name == "extension" ? FhirPathType.Of(schema["Extension"])
            : ResultTypes.Of(name, sourceType, [.. compiled.Select(a => a.Type)])
        );
    }

    /// <summary><c>getReferenceKey([type])</c>: the argument is the name of a resource type, not an expression.</summary>
    private ReferenceKeyNode ReferenceKey(Node source, FunctionExpr function)
    {
        if (function.Arguments.Length == 0)
            return new ReferenceKeyNode(source, null);
        if (function.Arguments.Length > 1)
            throw new FhirPathSyntaxException(function.Position, "getReferenceKey() takes one type name at most");
        var position = function.Arguments[0].Position;
        var name = ToTypeName(function.Arguments[0]);
        return Type(name, position).Fhir is { IsResource: true } type
            ? new ReferenceKeyNode(source, type)
            : throw new FhirPathSyntaxException(position, $"'{name}' is no resource type");
    }

    private static (Node Node, FhirPathType Type) TypeOperator(Node operand, string name, TypeTest type) =>
        name == "is" ? (new IsNode(operand, type), FhirPathType.Of(FhirPathKind.Boolean))
        : operand is PathNode { HasFilter: false } path ? (path.OfType(type), Selected(type))
        : (new OfTypeNode(operand, type), Selected(type));

    private static FhirPathType Selected(TypeTest type) =>
        type.Fhir is null ? FhirPathType.Of(type.System) : FhirPathType.Of(type.Fhir);

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
