using System.Diagnostics;
using System.Text.RegularExpressions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath.Evaluation;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>
/// A regular expression from a client, so that all the time it takes is counted: making it and matching it. It runs in time linear in the
/// text where that is possible; look-around, back references and patterns that are slow to prepare backtrack, within the same time.
/// </summary>
/// <param name="flags"><c>i</c>: upper and lower case are the same; <c>m</c>: ^ and $ match at lines.</param>
internal sealed class SafeRegex(string pattern, string flags, bool isFull)
{
    private const int LongestPattern = 2000;

    /// <summary>As long as a string of FHIR.</summary>
    private const int LongestText = 1024 * 1024;

    /// <summary>
    /// The linear engine prepares each set of characters against each other: a thousand of them take 14 seconds and a gigabyte.
    /// </summary>
    private const int MaxSets = 64;

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    static SafeRegex()
    {
        // The first use of each engine compiles its code, which takes longer than most patterns do: that is not for a request to pay.
        _ = new Regex("a", RegexOptions.NonBacktracking).Replace("ab", "c");
        _ = new Regex("(?=a)", RegexOptions.None, LongestMatch).Replace("ab", "c");
    }

    // Made when it is first needed: an expression may hold many patterns that it never asks. Threads that race make it twice at worst.
    private Regex? _regex;

    public bool IsMatch(string text, EvaluationContext context) =>
        Measure(
            text,
            context,
            static (regex, state) => regex.IsMatch(state.Text),
            (Text: text, Substitution: "", Context: context)
        );

    /// <summary>The text with all matches replaced; <c>$1</c> and <c>${name}</c> in the substitution stand for groups.</summary>
    public string Replace(string text, string substitution, EvaluationContext context) =>
        Measure(
            text,
            context,
            static (regex, state) =>
            {
                var places = state.Substitution.AsSpan().Count('$');
                return regex.Replace(
                    state.Text,
                    match =>
                    {
                        state.Context.Make(LongestResult(match, state.Text, state.Substitution, places));
                        return match.Result(state.Substitution);
                    }
                );
            },
            (Text: text, Substitution: substitution, Context: context)
        );

    /// <summary>How long at most a match becomes: every <c>$</c> may be the longest group, and <c>$_</c> and its like all of the text.</summary>
    private static long LongestResult(Match match, string text, string substitution, int places)
    {
        if (places == 0)
            return substitution.Length;
        var longest = 0;
        foreach (Group group in match.Groups)
            longest = Math.Max(longest, group.Length);
        if (substitution.AsSpan().ContainsAny('_', '`', '\''))
            longest = text.Length;
        return substitution.Length + ((long)places * longest);
    }

    private T Measure<TState, T>(string text, EvaluationContext context, Func<Regex, TState, T> use, TState state)
    {
        if (text.Length > LongestText)
            throw new FhirPathException($"A regular expression is matched with at most {LongestText} characters.");
        context.Read(text.Length);
        var start = Stopwatch.GetTimestamp();
        try
        {
            return use(_regex ??= Make(context), state);
        }
        catch (RegexMatchTimeoutException)
        {
            // Whatever was left is spent.
            throw new WorkLimitException(context.Budget.Exceeded(Work.RegexTicks));
        }
        finally
        {
            context.Budget.Charge(Work.RegexTicks, Stopwatch.GetElapsedTime(start).Ticks);
        }
    }

    private Regex Make(EvaluationContext context)
    {
        if (pattern.Length > LongestPattern)
            throw new FhirPathException($"A regular expression is at most {LongestPattern} characters long.");
        // Single line mode: '.' matches line ends too. http://hl7.org/fhirpath/N1/#matchesregex--string--boolean
        var options = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        if (flags.Contains('i', StringComparison.Ordinal))
            options |= RegexOptions.IgnoreCase;
        if (flags.Contains('m', StringComparison.Ordinal))
            options |= RegexOptions.Multiline;
        var text = isFull ? $@"\A(?:{pattern})\z" : pattern;
        var left = TimeSpan.FromTicks(Math.Max(1, context.Budget.Left(Work.RegexTicks)));
        var timeout = left < LongestMatch ? left : LongestMatch;
        try
        {
            return Sets(pattern) <= MaxSets
                ? new Regex(text, options | RegexOptions.NonBacktracking, timeout)
                : new Regex(text, options, timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(text, options, timeout);
        }
        catch (ArgumentException)
        {
            throw new FhirPathException("The pattern is no regular expression.");
        }
    }

    /// <summary>How many sets of characters the pattern may tell apart: its characters, its classes and what it escapes.</summary>
    private static int Sets(string pattern) => pattern.Distinct().Count() + pattern.Count(c => c is '[' or '\\');
}
