using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Syntax;

/// <summary>
/// Recursive descent over the tokens; each function carries its production of http://hl7.org/fhirpath/N1/grammar.html.
/// Throws <see cref="FhirPathSyntaxException"/>.
/// </summary>
internal sealed class Parser
{
    /// <summary>Expressions come from clients too: this keeps parsing within the stack.</summary>
    private const int MaxNesting = 100;

    /// <summary>
    /// This keeps compiling and evaluating within the stack, of which a level takes up to 1.6 KB: a chain of 1,900 calls would end the
    /// process.
    /// </summary>
    private const int MaxDepth = 400;

    private const int MaxNodes = 2000;

    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;
    private int _nodes;

    private Parser(List<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_next];

    public static Expr Parse(string text)
    {
        var parser = new Parser(Lexer.Read(text));
        var expression = parser.Expression(Operators.None + 1);
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Expected("an operator or the end");
        return expression;
    }

    // expression: term | expression '.' invocation | expression '[' expression ']' | ('+' | '-') expression
    //           | expression ('*' | '/' | 'div' | 'mod') expression | ... | expression 'implies' expression
    // All binary operators are left-associative; one loop climbs their precedences.
    private Expr Expression(int minimum)
    {
        if (++_depth > MaxNesting)
            throw new FhirPathSyntaxException(
                Current.Position,
                $"the expression is nested more than {MaxNesting} levels deep"
            );
        var left = PolarityExpression();
        while (true)
        {
            var token = Current;
            var precedence = token.Kind is TokenKind.Symbol or TokenKind.Word
                ? Operators.PrecedenceOf(token.Text)
                : Operators.None;
            if (precedence == Operators.None || precedence < minimum)
                break;
            _next++;
            left = token.Text is "is" or "as"
                ? Count(new TypeExpr(token.Text, left, TypeSpecifier(), token.Position))
                : Count(new BinaryExpr(token.Text, left, Expression(precedence + 1), token.Position));
        }

        _depth--;
        return left;
    }

    // ('+' | '-') expression
    private Expr PolarityExpression()
    {
        var token = Current;
        if (token is not { Kind: TokenKind.Symbol, Text: "+" or "-" })
            return Postfix(Term());
        _next++;
        return Count(new PolarityExpr(token.Text == "-", Expression(Operators.Polarity), token.Position));
    }

    // expression '.' invocation | expression '[' expression ']'
    private Expr Postfix(Expr source)
    {
        while (true)
        {
            var position = Current.Position;
            if (TrySymbol("."))
            {
                source = Invocation(source);
            }
            else if (TrySymbol("["))
            {
                var index = Expression(Operators.None + 1);
                Symbol("]");
                source = Count(new IndexExpr(source, index, position));
            }
            else
            {
                return source;
            }
        }
    }

    // term: invocation | literal | externalConstant | '(' expression ')'
    private Expr Term()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Symbol when TrySymbol("("):
                var inner = Expression(Operators.None + 1);
                Symbol(")");
                return inner;
            case TokenKind.Symbol when TrySymbol("{"):
                Symbol("}");
                return Count(new LiteralExpr(default, token.Position));
            case TokenKind.Constant:
                _next++;
                return Count(new ConstantExpr(token.Text, token.Position));
            case TokenKind.String or TokenKind.Number or TokenKind.Temporal:
                _next++;
                return Count(new LiteralExpr(Literal(token), token.Position));
            case TokenKind.Word when token.Text is "true" or "false":
                _next++;
                return Count(new LiteralExpr(token.Text == "true", token.Position));
            case TokenKind.Word or TokenKind.DelimitedName or TokenKind.Variable:
                return Invocation(null);
            default:
                throw Expected("a value, a name or '('");
        }
    }

    // invocation: identifier | function | '$this' | '$index' | '$total'
    // function: identifier '(' (expression (',' expression)*)? ')'
    private Expr Invocation(Expr? source)
    {
        var token = Current;
        _next++;
        if (token.Kind == TokenKind.Variable && source is null)
        {
            return token.Text is "this" or "index" or "total"
                ? Count(new VariableExpr(token.Text, token.Position))
                : throw new FhirPathSyntaxException(token.Position, "'$this', '$index' or '$total' is expected");
        }

        if (token.Kind is not TokenKind.Word and not TokenKind.DelimitedName)
        {
            _next--;
            throw Expected("a name");
        }

        if (token.Kind == TokenKind.Word && TrySymbol("("))
            return Count(new FunctionExpr(source, token.Text, Arguments(), token.Position));
        return Count(new MemberExpr(source, token.Text, token.Position));
    }

    private ImmutableArray<Expr> Arguments()
    {
        if (TrySymbol(")"))
            return [];
        var arguments = ImmutableArray.CreateBuilder<Expr>();
        do
        {
            arguments.Add(Expression(Operators.None + 1));
        } while (TrySymbol(","));
        Symbol(")");
        return arguments.DrainToImmutable();
    }

    // typeSpecifier: identifier ('.' identifier)?
    private TypeName TypeSpecifier()
    {
        var name = Identifier();
        return Current is { Kind: TokenKind.Symbol, Text: "." } && name is "FHIR" or "System" && TrySymbol(".")
            ? new TypeName(name, Identifier())
            : new TypeName(null, name);
    }

    private string Identifier()
    {
        if (Current.Kind is not TokenKind.Word and not TokenKind.DelimitedName)
            throw Expected("a type name");
        return _tokens[_next++].Text;
    }

    // literal: BOOLEAN | STRING | NUMBER | DATE | DATETIME | TIME | quantity
    private FhirPathValue Literal(Token token) =>
        token.Kind switch
        {
            TokenKind.String => token.Text,
            TokenKind.Temporal => Temporal(token),
            _ => NumberOrQuantity(token),
        };

    private static FhirPathValue Temporal(Token token)
    {
        var text = token.Text;
        var value =
            text.StartsWith('T') ? FhirPathTemporal.ParseTime(text.AsSpan(1))
            : text.Contains('T', StringComparison.Ordinal) ? FhirPathTemporal.ParseDateTime(text)
            : FhirPathTemporal.ParseDate(text);
        return value ?? throw new FhirPathSyntaxException(token.Position, "this is no date, dateTime or time");
    }

    // quantity: NUMBER unit ; unit: STRING | 'year' | 'years' | ... | 'milliseconds'
    private FhirPathValue NumberOrQuantity(Token token)
    {
        if (!decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw new FhirPathSyntaxException(token.Position, "the number is too large");
        var unit = Current;
        if (unit.Kind == TokenKind.String)
        {
            _next++;
            return new FhirPathQuantity(number, unit.Text, IsCalendar: false);
        }

        if (unit.Kind == TokenKind.Word && CalendarDuration.Singular(unit.Text) is { } duration)
        {
            _next++;
            return new FhirPathQuantity(number, duration, IsCalendar: true);
        }

        if (token.Text.Contains('.', StringComparison.Ordinal))
            return number;
        return number <= int.MaxValue
            ? (int)number
            : throw new FhirPathSyntaxException(token.Position, "an Integer is at most 2147483647");
    }

    private bool TrySymbol(string symbol)
    {
        if (Current.Kind != TokenKind.Symbol || Current.Text != symbol)
            return false;
        _next++;
        return true;
    }

    private void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
            throw Expected($"'{symbol}'");
    }

    private T Count<T>(T expression)
        where T : Expr
    {
        if (++_nodes > MaxNodes)
            throw new FhirPathSyntaxException(expression.Position, $"the expression has more than {MaxNodes} parts");
        if (expression.Depth > MaxDepth)
            throw new FhirPathSyntaxException(
                expression.Position,
                $"more than {MaxDepth} calls and operators follow on each other"
            );
        return expression;
    }

    private FhirPathSyntaxException Expected(string what) =>
        new(Current.Position, $"{what} is expected, not {Current}");
}
