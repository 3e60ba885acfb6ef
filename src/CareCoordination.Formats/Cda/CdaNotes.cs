namespace CareCoordination.Formats.Cda;

/// <summary>What a reader tells whoever reviews a document: what it found, and what it left to them. Of each sentence one.</summary>
internal sealed class CdaNotes
{
    private const int Most = 50;

    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public void Add(string sentence)
    {
        if (_sentences.Count < Most && !_sentences.Contains(sentence))
            _sentences.Add(sentence);
    }
}
