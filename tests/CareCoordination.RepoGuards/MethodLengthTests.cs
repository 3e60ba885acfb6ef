using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CareCoordination.RepoGuards;

/// <summary>Methods are read at one glance: in lines from the signature to the closing brace, comments above left out.</summary>
public sealed class MethodLengthTests
{
    /// <summary>What CONTRIBUTING.md asks for.</summary>
    private const int Longest = 60;

    private const int NinetyOfHundred = 25;

    private static readonly Lazy<List<Method>> Methods = new(() => [.. SourceFiles().SelectMany(Read)]);

    private sealed record Method(string Place, int Lines)
    {
        public override string ToString() => $"{Place}: {Lines} lines";
    }

    [Fact]
    public void No_method_is_longer_than_can_be_read_at_one_glance() =>
        Assert.Empty(Methods.Value.Where(m => m.Lines > Longest).OrderByDescending(m => m.Lines));

    [Fact]
    public void Nine_of_ten_methods_are_short()
    {
        var lengths = Methods.Value.Select(m => m.Lines).Order().ToList();

        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, NinetyOfHundred);
    }

    [Fact]
    public void The_guard_counts_from_the_signature_to_the_end()
    {
        const string Source = """
            class C
            {
                /// <summary>Not counted.</summary>
                [Obsolete]
                public int A(
                    int x
                ) => x;

                C()
                {
                    Local();
                    void Local()
                    {
                    }
                }

                int P
                {
                    get { return 1; }
                }
            }
            """;

        Assert.Equal(
            ["x.cs C.A: 3 lines", "x.cs C.C: 7 lines", "x.cs C.Local: 3 lines", "x.cs C.get: 1 lines"],
            Read("x.cs", Source).Select(m => m.ToString())
        );
    }

    private static IEnumerable<string> SourceFiles() =>
        Repository.SourceFiles.Where(f => f.StartsWith("src/", StringComparison.Ordinal));

    private static IEnumerable<Method> Read(string file) => Read(file, Repository.Read(file));

    private static IEnumerable<Method> Read(string file, string source)
    {
        var root = CSharpSyntaxTree.ParseText(source).GetRoot();
        foreach (var node in root.DescendantNodes())
        {
            var (name, first) = node switch
            {
                MethodDeclarationSyntax m => (m.Identifier.Text, After(m.AttributeLists, m)),
                ConstructorDeclarationSyntax c => (c.Identifier.Text, After(c.AttributeLists, c)),
                OperatorDeclarationSyntax o => (o.OperatorToken.Text, After(o.AttributeLists, o)),
                ConversionOperatorDeclarationSyntax o => (o.Type.ToString(), After(o.AttributeLists, o)),
                LocalFunctionStatementSyntax l => (l.Identifier.Text, After(l.AttributeLists, l)),
                AccessorDeclarationSyntax { Body: not null }
                or AccessorDeclarationSyntax { ExpressionBody: not null } => (
                    ((AccessorDeclarationSyntax)node).Keyword.Text,
                    node.GetFirstToken()
                ),
                _ => ("", default),
            };
            if (name.Length == 0)
                continue;
            var holder = node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.Text ?? "";
            yield return new Method($"{file} {holder}.{name}", LineOf(node.GetLastToken()) - LineOf(first) + 1);
        }
    }

    private static SyntaxToken After(SyntaxList<AttributeListSyntax> attributes, SyntaxNode node) =>
        attributes.Count == 0 ? node.GetFirstToken() : attributes[^1].GetLastToken().GetNextToken();

    private static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line;
}
