using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Syntax;

/// <summary>A parsed expression. <see cref="object.ToString"/> prints FHIRPath that parses to the same tree.</summary>
/// <param name="Position">Offset in the text.</param>
internal abstract record Expr(int Position)
{
    /// <summary>How tight it binds; higher binds tighter. Terms are tightest.</summary>
    public virtual int Precedence => Operators.Term;

    /// <summary>Levels of the tree, this one included: how deep compiling, evaluating and printing go into the stack.</summary>
    public virtual int Depth => 1;

    protected abstract void Print(StringBuilder text);

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Print(text);
        return text.ToString();
    }

    /// <summary>Prints an operand, in parentheses where it binds less than <paramref name="atLeast"/>.</summary>
    protected static void Print(StringBuilder text, Expr operand, int atLeast)
    {
        var enclose = operand.Precedence < atLeast;
        if (enclose)
            text.Append('(');
        operand.Print(text);
        if (enclose)
            text.Append(')');
    }

    protected static void PrintSource(StringBuilder text, Expr? source)
    {
        if (source is null)
            return;
        Print(text, source, Operators.Term);
        text.Append('.');
    }

    /// <summary>A name as it is written: in backticks where it is no plain identifier.</summary>
    public static string Name(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !Operators.IsWord(name)
            ? name
            : Literal.Quote(name, '`');
}

/// <summary><c>'text'</c>, <c>4.0</c>, <c>@2014</c>, <c>4 'mg'</c>, or <c>{}</c> where the value is None.</summary>
internal sealed record LiteralExpr(FhirPathValue Value, int Position) : Expr(Position)
{
    protected override void Print(StringBuilder text) => text.Append(Value);
}

/// <summary><c>name</c> or <c>source.name</c></summary>
internal sealed record MemberExpr(Expr? Source, string Member, int Position) : Expr(Position)
{
    public override int Depth { get; } = 1 + (Source?.Depth ?? 0);

    protected override void Print(StringBuilder text)
    {
        PrintSource(text, Source);
        text.Append(Name(Member));
    }
}

/// <summary><c>name(arguments)</c> or <c>source.name(arguments)</c></summary>
internal sealed record FunctionExpr(Expr? Source, string Function, ImmutableArray<Expr> Arguments, int Position)
    : Expr(Position)
{
    public override int Depth { get; } =
        1 + Math.Max(Source?.Depth ?? 0, Arguments.Select(a => a.Depth).DefaultIfEmpty().Max());

    protected override void Print(StringBuilder text)
    {
        PrintSource(text, Source);
        text.Append(Function).Append('(').AppendJoin(", ", Arguments).Append(')');
    }
}

/// <summary><c>source[index]</c></summary>
internal sealed record IndexExpr(Expr Source, Expr Index, int Position) : Expr(Position)
{
    public override int Depth { get; } = 1 + Math.Max(Source.Depth, Index.Depth);

    protected override void Print(StringBuilder text)
    {
        Print(text, Source, Operators.Term);
        text.Append('[').Append(Index).Append(']');
    }
}

/// <summary><c>$this</c>, <c>$index</c>, <c>$total</c></summary>
internal sealed record VariableExpr(string Variable, int Position) : Expr(Position)
{
    protected override void Print(StringBuilder text) => text.Append('$').Append(Variable);
}

/// <summary><c>%name</c></summary>
internal sealed record ConstantExpr(string Constant, int Position) : Expr(Position)
{
    protected override void Print(StringBuilder text) => text.Append('%').Append(Name(Constant));
}

/// <summary><c>-operand</c></summary>
internal sealed record PolarityExpr(bool IsNegative, Expr Operand, int Position) : Expr(Position)
{
    public override int Precedence => Operators.Polarity;

    public override int Depth { get; } = 1 + Operand.Depth;

    protected override void Print(StringBuilder text)
    {
        text.Append(IsNegative ? '-' : '+');
        Print(text, Operand, Precedence);
    }
}

/// <summary><c>left operator right</c></summary>
internal sealed record BinaryExpr(string Operator, Expr Left, Expr Right, int Position) : Expr(Position)
{
    public override int Precedence => Operators.PrecedenceOf(Operator);

    public override int Depth { get; } = 1 + Math.Max(Left.Depth, Right.Depth);

    protected override void Print(StringBuilder text)
    {
        Print(text, Left, Precedence);
        text.Append(' ').Append(Operator).Append(' ');
        Print(text, Right, Precedence + 1);
    }
}

/// <summary><c>operand is Type</c>, <c>operand as Type</c></summary>
internal sealed record TypeExpr(string Operator, Expr Operand, TypeName Type, int Position) : Expr(Position)
{
    public override int Precedence => Operators.PrecedenceOf(Operator);

    public override int Depth { get; } = 1 + Operand.Depth;

    protected override void Print(StringBuilder text)
    {
        Print(text, Operand, Precedence);
        text.Append(' ').Append(Operator).Append(' ').Append(Type);
    }
}

/// <summary><c>Patient</c>, <c>FHIR.Patient</c>, <c>System.String</c></summary>
internal sealed record TypeName(string? Namespace, string Name)
{
    public override string ToString() =>
        Namespace is null ? Expr.Name(Name) : $"{Expr.Name(Namespace)}.{Expr.Name(Name)}";
}

/// <summary>http://hl7.org/fhirpath/N1/#operator-precedence</summary>
internal static class Operators
{
    public const int Term = 20;
    public const int Polarity = 11;
    public const int None = 0;

    /// <summary>0 where the text is no binary operator.</summary>
    public static int PrecedenceOf(string text) =>
        text switch
        {
            "*" or "/" or "div" or "mod" => 10,
            "+" or "-" or "&" => 9,
            "is" or "as" => 8,
            "|" => 7,
            "<" or "<=" or ">" or ">=" => 6,
            "=" or "~" or "!=" or "!~" => 5,
            "in" or "contains" => 4,
            "and" => 3,
            "or" or "xor" => 2,
            "implies" => 1,
            _ => None,
        };

    public static bool IsWord(string text) =>
        text is "true" or "false" || (PrecedenceOf(text) != None && char.IsAsciiLetter(text[0]));
}
